internal import JSON

/// A step in the making.
struct WrittenStep {
  var actors: [String]
  /// The verb of a step that names its actors itself.
  var bare: String?
  var lines: [String] = []
  var captures: [(name: String, path: String)] = []

  private var text: [String] {
    let names = actors.count == 1 ? actors[0] : FlowText.list(actors)
    if let bare { return ["  - " + (bare.contains(" ") ? bare : "\(bare): \(names)")] }
    var lines = ["  - as: \(names)"] + lines.map { "    \($0)" }
    if !captures.isEmpty {
      lines.append("    capture: \(FlowText.mapping(captures.map { ($0.name, $0.path) }))")
    }
    return lines
  }

  private func isSame(as other: WrittenStep) -> Bool {
    bare == other.bare && lines == other.lines && captures.isEmpty && other.captures.isEmpty
      && !actors.contains(where: other.actors.contains) && bare?.contains(" ") != true
  }

  /// The lines of steps; several actors who do the same one after the other take one.
  static func text(of steps: [WrittenStep]) -> [String] {
    var merged: [WrittenStep] = []
    for step in steps {
      if let last = merged.last, last.isSame(as: step) {
        merged[merged.count - 1].actors += step.actors
      } else {
        merged.append(step)
      }
    }
    return merged.flatMap(\.text)
  }
}

/// Values as YAML writes them on one line.
enum FlowText {
  /// A text, plain where that is unmistakable and in double quotes otherwise, which read JSON's escapes (YAML 1.2.2,
  /// section 5.7).
  static func text(_ text: String) -> String {
    let isPlain =
      text.utf8.first.map(isLetter) == true && text.utf8.last != UInt8(ascii: " ")
      && text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || " _-.'".utf8.contains($0) }
      && !["null", "true", "false"].contains(text.lowercased())
    return isPlain ? text : JSON.string(text).text
  }

  static func list(_ elements: [String]) -> String { "[\(elements.joined(separator: ", "))]" }

  static func mapping(_ members: [(key: String, value: String)]) -> String {
    members.isEmpty ? "{}" : "{ \(members.map { "\(text($0.key)): \($0.value)" }.joined(separator: ", ")) }"
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
}

/// Names that have been given.
struct NamePool {
  private static let lengthLimit = 40

  private var taken: Set<String>

  init(taken: some Sequence<String>) { self.taken = Set(taken) }

  /// - Returns: the name, or where it is taken already, with the first number that is free.
  mutating func take(_ name: String) -> String {
    var result = name
    var number = 2
    while !taken.insert(result).inserted {
      result = "\(name)-\(number)"
      number += 1
    }
    return result
  }

  /// What of a text can be a name: `Ada Lovelace` is `ada-lovelace`. `nil` where nothing is left.
  static func name(of text: String?) -> String? {
    guard let text else { return nil }
    var result = ""
    for byte in text.lowercased().utf8.prefix(lengthLimit) {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default: if !result.isEmpty, result.last != "-" { result.append("-") }
      }
    }
    while result.last == "-" { result.removeLast() }
    guard let first = result.first else { return nil }
    return first.isLetter ? result : "user-\(result)"
  }
}
