package import GraphQL
package import JSON
internal import World

/// Makes variables for an operation: mostly of the right types.
package struct VariableGenerator {
  private let schema: Schema
  private var random: RandomStream
  private var mistakes = 0.0

  package init(schema: Schema, seed: UInt64) {
    self.schema = schema
    random = RandomStream(seed: seed, name: "variables")
  }

  /// - Parameter mistakes: how likely a wrong value is at each place; `nil` chooses for each operation.
  package mutating func variables(for operation: OperationDefinitionNode, mistakes: Double? = nil) -> JSONObject {
    self.mistakes = mistakes ?? [0, 0, 0.05, 0.2][random.int(in: 0..<4)]
    var result = JSONObject()
    for definition in operation.variables {
      let type = definition.type.reference
      let isRequired = type.isNonNull && definition.defaultValue == nil
      if isRequired ? !chance(self.mistakes) : chance(0.7) { result[definition.name.value] = value(type, 3) }
    }
    return result
  }

  private mutating func value(_ type: TypeRef, _ depth: Int) -> JSON {
    if chance(mistakes) { return wrong() }
    switch type {
    case .nonNull(let inner): return present(inner, depth)
    default: return chance(0.1) ? .null : present(type, depth)
    }
  }

  private mutating func present(_ type: TypeRef, _ depth: Int) -> JSON {
    if case .list(let element) = type {
      if chance(0.2) { return value(element, depth) }
      return .array((0..<random.int(in: 0..<3)).map { _ in value(element, depth) })
    }
    switch schema.type(of: type) {
    case .enumeration(let enumeration)?:
      return .string(enumeration.values[random.int(in: 0..<enumeration.values.count)].name)
    case .input(let input)?: return object(input, depth)
    default: return scalar(type.name)
    }
  }

  private mutating func object(_ input: InputObjectType, _ depth: Int) -> JSON {
    var result = JSONObject()
    if input.isOneOf {
      let field = input.fields[random.int(in: 0..<input.fields.count)]
      result[field.name] = value(.nonNull(field.type.nullable), depth - 1)
      if chance(mistakes) { result[input.fields[0].name] = value(input.fields[0].type, depth - 1) }
      return .object(result)
    }
    for field in input.fields where field.isRequired ? !chance(mistakes) : (depth > 0 && chance(0.3)) {
      result[field.name] = value(field.type, depth - 1)
    }
    if chance(mistakes), let key = result.keys.first { result[key + "x"] = 1 }
    return .object(result)
  }

  private mutating func scalar(_ name: String) -> JSON {
    switch name {
    case "Int": .int(Int64(random.int(in: -5..<100)))
    case "Float": [1, 0.5, -2.25, 1e20][random.int(in: 0..<4)]
    case "Boolean": .bool(chance(0.5))
    case "ID": chance(0.5) ? "id" : 7
    case "String": ["text", "", "é\n", "😀"][random.int(in: 0..<4)]
    default: ["text", 12, ["a": [1, true]], [1.5, nil]][random.int(in: 0..<4)]
    }
  }

  private mutating func wrong() -> JSON {
    let values: [JSON] = [
      nil, 1, -3, 1.5, 3_000_000_000, 1e30, "text", "LOW", "LOWW", true, [], [1, "a"], [nil], ["from": 1],
      ["deep": ["er": ["est": [1]]]], [:], ["a", ["b", ["c", ["d"]]]],
    ]
    return values[random.int(in: 0..<values.count)]
  }

  private mutating func chance(_ likelihood: Double) -> Bool { random.unit() < likelihood }
}
