extension JSON {
  /// The value over several lines, for files that people read: members and elements on lines of their own, two spaces in.
  /// What fits on one line of `width` characters stays on one.
  package func indentedText(width: Int = 100) -> String { Self.lines(self, indent: 0, width: width) + "\n" }

  private static func lines(_ json: JSON, indent: Int, width: Int) -> String {
    let flat = json.text
    let parts: [String]
    switch json {
    case .array(let elements) where !elements.isEmpty:
      if indent + flat.utf8.count <= width { return flat }
      parts = elements.map { lines($0, indent: indent + 2, width: width) }
    case .object(let object) where !object.isEmpty:
      if indent + flat.utf8.count <= width { return flat }
      parts = object.members.map { key, value in
        JSON.string(key).text + ": " + lines(value, indent: indent + 2, width: width)
      }
    default: return flat
    }
    let inner = String(repeating: " ", count: indent + 2)
    let outer = String(repeating: " ", count: indent)
    let (open, close) = json.array == nil ? ("{", "}") : ("[", "]")
    return "\(open)\n\(inner)\(parts.joined(separator: ",\n" + inner))\n\(outer)\(close)"
  }
}
