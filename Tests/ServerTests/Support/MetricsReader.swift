/// Reads the text format 0.0.4 strictly: whatever is not exactly as the format has it is an error.
///
/// Source: prometheus.io/docs/instrumenting/exposition_formats, "Text format details".
struct MetricsReader {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private(set) var types: [String: String] = [:]
  /// By the sample's name and its labels as they stand.
  private(set) var samples: [String: Double] = [:]
  private var names: [String] = []

  init(_ text: String) throws {
    guard text.hasSuffix("\n") else { throw Failure(description: "the last line has no end") }
    var family = ""
    var hasHelp = false
    for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
      if line.hasPrefix("# HELP ") {
        guard words.count == 4, Self.isName(words[2]), types[words[2]] == nil, !words[3].isEmpty else {
          throw Failure(description: "bad HELP: \(line)")
        }
        (family, hasHelp) = (words[2], true)
      } else if line.hasPrefix("# TYPE ") {
        guard hasHelp, words.count == 4, words[2] == family, types[family] == nil,
          ["counter", "gauge", "histogram"].contains(words[3])
        else { throw Failure(description: "bad TYPE: \(line)") }
        types[family] = words[3]
        guard words[3] != "counter" || family.hasSuffix("_total") else {
          throw Failure(description: "a counter's name ends in _total: \(line)")
        }
        hasHelp = false
      } else {
        try sample(line, of: family)
      }
    }
    try checkHistograms()
  }

  private mutating func sample(_ line: Substring, of family: String) throws {
    let failure = Failure(description: "bad sample: \(line)")
    let name = String(line.prefix { $0 != "{" && $0 != " " })
    let suffixes = types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
    guard types[family] != nil, suffixes.contains(where: { name == family + $0 }) else { throw failure }
    var rest = line.dropFirst(name.count)
    var labels = ""
    if rest.first == "{" {
      rest = rest.dropFirst()
      var seen: Set<String> = []
      while true {
        let label = String(rest.prefix { $0 != "=" })
        guard Self.isName(label), !label.contains(":"), seen.insert(label).inserted else { throw failure }
        rest = rest.dropFirst(label.count)
        guard rest.hasPrefix("=\"") else { throw failure }
        rest = rest.dropFirst(2)
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
          guard character == "\\" else {
            value.append(character)
            continue
          }
          guard let escaped = rest.popFirst(), "\\n\"".contains(escaped) else { throw failure }
          value.append(escaped == "n" ? "\n" : escaped)
        }
        labels += "\(labels.isEmpty ? "" : ",")\(label)=\(value)"
        if rest.first == "}" { break }
        guard rest.popFirst() == "," else { throw failure }
      }
      rest = rest.dropFirst()
    }
    guard rest.popFirst() == " ", let value = rest == "+Inf" ? .infinity : Double(rest) else { throw failure }
    let key = labels.isEmpty ? name : "\(name){\(labels)}"
    guard samples.updateValue(value, forKey: key) == nil else { throw Failure(description: "twice: \(key)") }
    names.append(key)
  }

  /// Buckets ascend, the last is +Inf, and it equals the count.
  private func checkHistograms() throws {
    for (family, type) in types where type == "histogram" {
      var last: [String: Double] = [:]
      for key in names where key.hasPrefix("\(family)_bucket{") {
        // `le` comes last.
        let others = key.lastIndex(of: "l").map { String(key[..<$0]) } ?? key
        let count = samples[key] ?? 0
        guard count >= last[others] ?? 0 else { throw Failure(description: "descends: \(key)") }
        last[others] = count
        if key.hasSuffix("le=+Inf}") {
          let kind = others.dropFirst(family.count + 8).dropLast()
          guard samples["\(family)_count{\(kind)}"] == count, samples["\(family)_sum{\(kind)}"] != nil else {
            throw Failure(description: "no count or sum for \(key)")
          }
        }
      }
    }
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first == "_" || first == ":" else { return false }
    return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
  }
}
