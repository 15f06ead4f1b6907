internal import JSON

/// A value of a YAML file with the place where it begins. Lines and columns count from 1, columns in code points.
struct YAMLNode: Sendable {
  enum Kind: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
  }

  var kind: Kind
  var line: Int
  var column: Int
  /// Offsets in code points; of what is written in lines, `end` is where the next thing begins.
  var start = 0
  var end = 0

  var scalar: YAMLScalar? { if case .scalar(let scalar) = kind { scalar } else { nil } }
  var elements: [YAMLNode]? { if case .sequence(let elements) = kind { elements } else { nil } }
  var entries: [YAMLEntry]? { if case .mapping(let entries) = kind { entries } else { nil } }

  /// The value of an entry; `nil` for a missing key and for what is no mapping.
  subscript(key: String) -> YAMLNode? { entries?.first { $0.key == key }?.value }

  /// How many characters a caret should underline.
  var width: Int {
    guard let scalar, scalar.style != .literal, scalar.style != .folded, !scalar.text.contains("\n") else { return 1 }
    let quotes = scalar.style == .plain ? 0 : 2
    return max(1, scalar.text.unicodeScalars.count + quotes)
  }

  /// What the value is, for messages.
  var kindName: String {
    switch kind {
    case .sequence: return "a list"
    case .mapping: return "a mapping"
    case .scalar(let scalar):
      switch scalar.json {
      case .null: return "nothing"
      case .bool(let value): return "'\(value)'"
      case .int, .double: return "the number \(scalar.text)"
      default: return "'\(scalar.excerpt)'"
      }
    }
  }
}

struct YAMLEntry: Sendable {
  var key: String
  /// The key as it stands in the file.
  var keyNode: YAMLNode
  var value: YAMLNode
}

struct YAMLScalar: Sendable {
  enum Style: Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }

  var text: String
  var style: Style

  /// The text cut to what fits in a message.
  var excerpt: String {
    let line = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
    let limit = 60
    return line.count > limit || line.count < text.count ? line.prefix(limit) + "…" : line
  }
}
