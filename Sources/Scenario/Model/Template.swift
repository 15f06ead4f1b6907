package import JSON

/// A value in which `${name}` stands for what earlier steps captured.
package indirect enum Template: Hashable, Sendable {
  case literal(JSON)
  /// `${path}` alone: keeps the type of what it names. `ada.id`, `thread`, `index`, `actor`.
  case reference(String, Mark)
  /// Text around references: each is written into the text.
  case text([Template])
  case array([Template])
  case object([Member])

  package struct Member: Hashable, Sendable {
    package var key: String
    package var value: Template
    package init(key: String, value: Template) {
      self.key = key
      self.value = value
    }
  }
}

/// A name that has no value when a step needs it.
package struct UnknownReference: Error, Sendable {
  package let name: String
  package let mark: Mark
}

extension Template {
  /// The value with every reference replaced by what `lookUp` gives.
  /// - Throws: ``UnknownReference`` for the first name that has no value.
  package func resolved(_ lookUp: (String) -> JSON?) throws(UnknownReference) -> JSON {
    switch self {
    case .literal(let json): return json
    case .reference(let name, let mark):
      guard let value = lookUp(name) else { throw UnknownReference(name: name, mark: mark) }
      return value
    case .text(let parts):
      var text = ""
      for part in parts {
        let value = try part.resolved(lookUp)
        text += value.string ?? value.text
      }
      return .string(text)
    case .array(let elements):
      var values: [JSON] = []
      for element in elements { values.append(try element.resolved(lookUp)) }
      return .array(values)
    case .object(let members):
      var object = JSONObject()
      for member in members { object[member.key] = try member.value.resolved(lookUp) }
      return .object(object)
    }
  }
}
