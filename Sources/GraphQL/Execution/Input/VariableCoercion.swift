package import JSON

/// Why an operation's variables are refused.
package struct VariableErrors: Error, Sendable {
  package let errors: [GraphQLError]
}

extension InputCoercion {
  /// The values of an operation's variables (specification, 6.1.2, CoerceVariableValues).
  ///
  /// A variable that was not given and has no default is missing from the result.
  /// - Parameters:
  ///   - given: the request's `variables`; what no variable is defined for is ignored.
  ///   - maxErrors: after so many the rest is not looked at.
  package func variables(
    _ operation: OperationDefinitionNode, _ document: Document, given: JSONObject, maxErrors: Int = 50
  ) -> Result<[String: JSON], VariableErrors> {
    var coerced: [String: JSON] = [:]
    var errors = ErrorList(document: document, limit: maxErrors)
    for definition in operation.variables where !errors.isFull {
      let name = definition.name.value
      let type = definition.type.reference
      guard schema.type(of: type)?.isInput == true else {
        errors.add(
          "Variable \"$\(name)\" expected value of type \"\(type)\" which cannot be used as an input type.",
          at: definition.type.offset)
        continue
      }
      guard let value = given[name] else {
        if let literal = definition.defaultValue {
          coerced[name] = self.value(of: literal, as: type)
        } else if type.isNonNull {
          errors.add("Variable \"$\(name)\" of required type \"\(type)\" was not provided.", at: definition.offset)
        }
        continue
      }
      if value.isNull, type.isNonNull {
        errors.add("Variable \"$\(name)\" of non-null type \"\(type)\" must not be null.", at: definition.offset)
        continue
      }
      coerced[name] = coerce(value, type) { path, invalid, message in
        let place = path.isEmpty ? "" : " at \"\(name)\(InputMessages.path(path))\""
        errors.add(
          "Variable \"$\(name)\" got invalid value \(InputMessages.inspect(invalid))\(place); \(message)",
          at: definition.offset)
      }
    }
    return errors.errors.isEmpty ? .success(coerced) : .failure(VariableErrors(errors: errors.errors))
  }

  /// A value from outside as one of a type; calls `onError` for each part that does not fit, with its path, and gives
  /// `nil` for it.
  package func coerce(
    _ value: JSON, _ type: TypeRef, onError: (_ path: [PathElement], _ invalid: JSON, _ message: String) -> Void
  ) -> JSON? {
    var path: [PathElement] = []
    return coerce(value, type, &path, onError)
  }

  private typealias OnError = ([PathElement], JSON, String) -> Void

  private func coerce(
    _ value: JSON, _ type: TypeRef, _ path: inout [PathElement], _ onError: OnError
  ) -> JSON? {
    if case .nonNull(let inner) = type {
      if !value.isNull { return coerce(value, inner, &path, onError) }
      onError(path, value, "Expected non-nullable type \"\(type)\" not to be null.")
      return nil
    }
    if value.isNull { return .null }
    if case .list(let element) = type {
      guard case .array(let items) = value else { return coerce(value, element, &path, onError).map { .array([$0]) } }
      var coerced: [JSON] = []
      coerced.reserveCapacity(items.count)
      for (index, item) in items.enumerated() {
        path.append(.index(index))
        if let item = coerce(item, element, &path, onError) { coerced.append(item) }
        path.removeLast()
      }
      return .array(coerced)
    }
    switch schema.type(of: type) {
    case .input(let input)?: return object(value, input, &path, onError)
    case .enumeration(let enumeration)?:
      if case .string(let name) = value, enumeration.values[name] != nil { return value }
      onError(path, value, enumerationMessage(value, enumeration))
      return nil
    case .scalar(let scalar)?:
      do {
        return try self.scalar(value, scalar.name)
      } catch let error as GraphQLError {
        onError(path, value, error.message)
      } catch {
        onError(path, value, "Expected type \"\(scalar.name)\". \(clientMessage(of: error))")
      }
      return nil
    default: return nil
    }
  }

  private func object(
    _ value: JSON, _ input: InputObjectType, _ path: inout [PathElement], _ onError: OnError
  ) -> JSON? {
    guard case .object(let given) = value else {
      onError(path, value, "Expected type \"\(input.name)\" to be an object.")
      return nil
    }
    let members = Dictionary(given.members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    var coerced = JSONObject()
    for field in input.fields {
      guard let member = members[field.name] else {
        if let value = field.defaultValue {
          coerced.append(field.name, value)
        } else if field.type.isNonNull {
          onError(path, value, "Field \"\(field.name)\" of required type \"\(field.type)\" was not provided.")
        }
        continue
      }
      path.append(.key(field.name))
      if let member = coerce(member, field.type, &path, onError) { coerced.append(field.name, member) }
      path.removeLast()
    }
    for key in given.keys where input.fields[key] == nil {
      let hint = didYouMean(suggestions(for: key, among: input.fields.names))
      onError(path, value, "Field \"\(key)\" is not defined by type \"\(input.name)\".\(hint)")
    }
    if input.isOneOf {
      let known = given.members.filter { input.fields[$0.key] != nil }
      if known.count != 1 {
        onError(path, value, "Exactly one key must be specified for OneOf type \"\(input.name)\".")
      } else if let only = known.first, only.value.isNull {
        onError(path + [.key(only.key)], .null, "Field \"\(only.key)\" must be non-null.")
      }
    }
    return .object(coerced)
  }

  private func enumerationMessage(_ value: JSON, _ enumeration: EnumType) -> String {
    let text = value.string ?? InputMessages.inspect(value)
    let hint = didYouMean(suggestions(for: text, among: enumeration.values.names), "the enum value")
    return value.string == nil
      ? "Enum \"\(enumeration.name)\" cannot represent non-string value: \(text).\(hint)"
      : "Value \"\(text)\" does not exist in \"\(enumeration.name)\" enum.\(hint)"
  }

  /// A value as one of a scalar.
  /// - Throws: ``GraphQLError`` with the reference implementation's words, or what the scalar's parser throws.
  func scalar(_ value: JSON, _ name: String) throws -> JSON {
    switch name {
    case "Int":
      let whole: Int64? = value.int ?? value.number.flatMap { Int64(exactly: $0) }
      guard let whole else {
        let isWhole = value.number.map { $0.rounded() == $0 } ?? false
        let kind = isWhole ? "non 32-bit signed integer" : "non-integer"
        throw GraphQLError("Int cannot represent \(kind) value: \(InputMessages.inspect(value))")
      }
      guard Int32(exactly: whole) != nil else {
        throw GraphQLError(
          "Int cannot represent non 32-bit signed integer value: \(InputMessages.inspect(value))")
      }
      return .int(whole)
    case "Float":
      guard let number = value.number else {
        throw GraphQLError("Float cannot represent non numeric value: \(InputMessages.inspect(value))")
      }
      return .double(number)
    case "String":
      guard value.string != nil else {
        throw GraphQLError("String cannot represent a non string value: \(InputMessages.inspect(value))")
      }
      return value
    case "Boolean":
      guard value.bool != nil else {
        throw GraphQLError("Boolean cannot represent a non boolean value: \(InputMessages.inspect(value))")
      }
      return value
    case "ID":
      if value.string != nil { return value }
      guard let whole = value.int ?? value.number.flatMap({ Int64(exactly: $0) }) else {
        throw GraphQLError("ID cannot represent value: \(InputMessages.inspect(value))")
      }
      return .string(String(whole))
    default: return try scalars[name]?(value) ?? value
    }
  }
}

/// Collects errors up to a limit, and says so when it is reached.
private struct ErrorList {
  let document: Document
  let limit: Int
  private(set) var errors: [GraphQLError] = []
  private(set) var isFull = false

  init(document: Document, limit: Int) {
    self.document = document
    self.limit = limit
  }

  mutating func add(_ message: String, at offset: Int) {
    if isFull { return }
    guard errors.count < limit else {
      errors.append(
        GraphQLError("Too many errors processing variables, error limit reached. Execution aborted."))
      isFull = true
      return
    }
    errors.append(GraphQLError(message, locations: [document.location(offset)]))
  }
}
