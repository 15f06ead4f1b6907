package import JSON

/// A YAML text as the JSON that a schema is held against.
/// - Returns: `nil` for a text that cannot be read, or holds no document. A key that stands twice has its first value.
package func json(ofYAML text: String) -> JSON? {
  var reader = YAMLReader()
  return (try? reader.read(text))?.json
}

extension YAMLNode {
  fileprivate var json: JSON {
    switch kind {
    case .scalar(let scalar): scalar.json
    case .sequence(let elements): .array(elements.map(\.json))
    case .mapping(let entries): .object(JSONObject(entries.map { (key: $0.key, value: $0.value.json) }))
    }
  }
}
