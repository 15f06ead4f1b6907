internal import JSON

/// A variable of an operation.
struct VariablePlan: Sendable {
  let name: String
  /// Byte offset of the definition in the document.
  let offset: Int
  /// Whether `@skip` or `@include` asks it.
  let decides: Bool
}

/// The coerced variables of one request, by their position in the operation.
struct VariableValues: Sendable {
  private let values: [JSON?]
  private let names: [String]

  init(_ values: [String: JSON], of plans: [VariablePlan]) {
    self.values = plans.map { values[$0.name] }
    names = plans.map(\.name)
  }

  /// `nil` when the variable was not given and has no default.
  subscript(index: Int) -> JSON? { values[index] }

  var byName: [String: JSON] {
    var result: [String: JSON] = [:]
    for (name, value) in zip(names, values) { result[name] = value }
    return result
  }

  /// The given ones as an object in the operation's order; inside, input fields are in the schema's order.
  var object: JSONObject {
    var result = JSONObject()
    for (name, value) in zip(names, values) {
      if let value { result.append(name, value) }
    }
    return result
  }
}
