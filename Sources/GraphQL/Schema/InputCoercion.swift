package import JSON

/// Turns what a client wrote into values of input types (specification, 3.5 to 3.12, "Input Coercion").
///
/// A coerced value is JSON: enum values are strings, an `ID` is a string, a `Float` is a double; what was not given is
/// `nil`, which is not the same as null.
package struct InputCoercion: Sendable {
  /// Checks, and may change, a value of a custom scalar; throws ``GraphQLError`` or anything else to refuse it.
  package typealias ScalarParser = @Sendable (JSON) throws -> JSON

  package let schema: Schema
  /// The parsers of custom scalars by name; a custom scalar without one accepts everything.
  package let scalars: [String: ScalarParser]

  package init(schema: Schema, scalars: [String: ScalarParser] = [:]) {
    self.schema = schema
    self.scalars = scalars
  }

  /// A literal as a value of the type; `nil` when it is not one, or is a variable that has no value.
  package func value(of node: ValueNode, as type: TypeRef, variables: [String: JSON] = [:]) -> JSON? {
    if case .variable(let name) = node.kind {
      guard let value = variables[name], !(value.isNull && type.isNonNull) else { return nil }
      return value
    }
    if case .nonNull(let inner) = type {
      return node.isNull ? nil : value(of: node, as: inner, variables: variables)
    }
    if node.isNull { return .null }
    if case .list(let element) = type {
      guard case .list(let items) = node.kind else {
        return value(of: node, as: element, variables: variables).map { .array([$0]) }
      }
      var values: [JSON] = []
      values.reserveCapacity(items.count)
      for item in items {
        if case .variable(let name) = item.kind, variables[name] == nil, !element.isNonNull {
          values.append(.null)
          continue
        }
        guard let value = value(of: item, as: element, variables: variables) else { return nil }
        values.append(value)
      }
      return .array(values)
    }
    switch schema.type(of: type) {
    case .input(let input)?: return object(node, input, variables)
    case .enumeration(let enumeration)?: return try? self.enumeration(node, enumeration)
    case .scalar(let scalar)?: return try? self.scalar(node, scalar.name, variables)
    default: return nil
    }
  }

  private func object(_ node: ValueNode, _ input: InputObjectType, _ variables: [String: JSON]) -> JSON? {
    guard case .object(let nodes) = node.kind else { return nil }
    var result = JSONObject()
    var given: [String: ValueNode] = [:]
    for field in nodes {
      guard input.fields[field.name.value] != nil else { return nil }
      given[field.name.value] = field.value
    }
    for field in input.fields {
      guard let literal = given[field.name], !isMissing(literal, variables) else {
        if let value = defaultValue(of: field) {
          result.append(field.name, value)
        } else if field.type.isNonNull {
          return nil
        }
        continue
      }
      guard let value = value(of: literal, as: field.type, variables: variables) else { return nil }
      result.append(field.name, value)
    }
    if input.isOneOf, result.count != 1 || result.members[0].value.isNull { return nil }
    return .object(result)
  }

  /// While a schema is being built its defaults are not coerced yet.
  func defaultValue(of definition: InputValueDefinition) -> JSON? {
    if let value = definition.defaultValue { return value }
    return definition.defaultLiteral.flatMap { value(of: $0, as: definition.type) }
  }

  private func isMissing(_ node: ValueNode, _ variables: [String: JSON]) -> Bool {
    if case .variable(let name) = node.kind { variables[name] == nil } else { false }
  }

  /// A literal as a value of a scalar.
  /// - Throws: ``GraphQLError`` with the reference implementation's words, or what the scalar's parser throws.
  func scalar(_ node: ValueNode, _ name: String, _ variables: [String: JSON] = [:]) throws -> JSON {
    switch name {
    case "Int":
      guard case .int(let digits) = node.kind else {
        throw GraphQLError("Int cannot represent non-integer value: \(print(node))")
      }
      guard let value = Int32(digits) else {
        throw GraphQLError("Int cannot represent non 32-bit signed integer value: \(digits)")
      }
      return .int(Int64(value))
    case "Float":
      switch node.kind {
      case .int(let digits), .float(let digits):
        guard let value = Double(digits), value.isFinite else { break }
        return .double(value)
      default: break
      }
      throw GraphQLError("Float cannot represent non numeric value: \(print(node))")
    case "String":
      guard case .string(let value, _) = node.kind else {
        throw GraphQLError("String cannot represent a non string value: \(print(node))")
      }
      return .string(value)
    case "Boolean":
      guard case .boolean(let value) = node.kind else {
        throw GraphQLError("Boolean cannot represent a non boolean value: \(print(node))")
      }
      return .bool(value)
    case "ID":
      switch node.kind {
      case .string(let value, _), .int(let value): return .string(value)
      default: throw GraphQLError("ID cannot represent a non-string and non-integer value: \(print(node))")
      }
    default:
      let value = untyped(node, variables)
      return try scalars[name]?(value) ?? value
    }
  }

  /// A literal as a value of an enum.
  /// - Throws: ``GraphQLError`` with the reference implementation's words.
  @discardableResult
  func enumeration(_ node: ValueNode, _ type: EnumType) throws(GraphQLError) -> JSON {
    if case .enumeration(let name) = node.kind, type.values[name] != nil { return .string(name) }
    let text = print(node)
    let hint = didYouMean(suggestions(for: text, among: type.values.names), "the enum value")
    guard case .enumeration = node.kind else {
      throw GraphQLError("Enum \"\(type.name)\" cannot represent non-enum value: \(text).\(hint)")
    }
    throw GraphQLError("Value \"\(text)\" does not exist in \"\(type.name)\" enum.\(hint)")
  }

  /// A literal as JSON, without looking at a type; variables without value are null.
  func untyped(_ node: ValueNode, _ variables: [String: JSON]) -> JSON {
    switch node.kind {
    case .variable(let name): variables[name] ?? .null
    case .int(let digits): Int64(digits).map { .int($0) } ?? .double(Double(digits) ?? 0)
    case .float(let digits): .double(Double(digits) ?? 0)
    case .string(let value, _), .enumeration(let value): .string(value)
    case .boolean(let value): .bool(value)
    case .null: .null
    case .list(let values): .array(values.map { untyped($0, variables) })
    case .object(let fields):
      .object(JSONObject(fields.map { (key: $0.name.value, value: untyped($0.value, variables)) }))
    }
  }
}
