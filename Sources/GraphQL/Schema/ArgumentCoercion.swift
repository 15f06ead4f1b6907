package import JSON

extension InputCoercion {
  /// The values of a field's or directive's arguments (specification, 6.4.1, CoerceArgumentValues).
  ///
  /// An argument that was not given and has no default is missing from the result.
  /// - Parameters:
  ///   - offset: of the field or directive, for errors about arguments that are missing.
  ///   - variables: coerced values; see ``variables(_:_:given:maxErrors:)``.
  /// - Throws: the first error, with its place in the document.
  package func arguments(
    _ definitions: NamedList<InputValueDefinition>, _ nodes: [ArgumentNode], at offset: Int, in document: Document,
    variables: [String: JSON]
  ) throws(GraphQLError) -> JSONObject {
    var coerced = JSONObject()
    for definition in definitions {
      let name = definition.name
      let type = definition.type
      func failure(_ message: String, _ offset: Int) -> GraphQLError {
        GraphQLError(message, locations: [document.location(offset)])
      }
      guard let node = nodes.last(where: { $0.name.value == name })?.value else {
        if let value = defaultValue(of: definition) {
          coerced.append(name, value)
        } else if type.isNonNull {
          throw failure("Argument \"\(name)\" of required type \"\(type)\" was not provided.", offset)
        }
        continue
      }
      var isNull = node.isNull
      if case .variable(let variable) = node.kind {
        guard let value = variables[variable] else {
          if let value = defaultValue(of: definition) {
            coerced.append(name, value)
          } else if type.isNonNull {
            throw failure(
              "Argument \"\(name)\" of required type \"\(type)\" was provided the variable \"$\(variable)\" "
                + "which was not provided a runtime value.", node.offset)
          }
          continue
        }
        isNull = value.isNull
      }
      if isNull, type.isNonNull {
        throw failure("Argument \"\(name)\" of non-null type \"\(type)\" must not be null.", node.offset)
      }
      guard let value = value(of: node, as: type, variables: variables) else {
        throw failure("Argument \"\(name)\" has invalid value \(print(node)).", node.offset)
      }
      coerced.append(name, value)
    }
    return coerced
  }
}
