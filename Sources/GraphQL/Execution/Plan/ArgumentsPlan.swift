internal import JSON

/// The arguments of a selected field, as far as they can be known before a request gives its variables.
enum ArgumentsPlan: Sendable {
  case constant(JSONObject)
  case dynamic([ArgumentPlan])

  /// The coerced arguments (specification, 6.4.1).
  /// - Throws: ``ArgumentFault`` when a variable does not give what a non-null argument needs.
  func values(_ variables: VariableValues, _ input: InputCoercion) throws(ArgumentFault) -> JSONObject {
    switch self {
    case .constant(let object): return object
    case .dynamic(let plans):
      var result = JSONObject()
      for plan in plans {
        if let value = try plan.value(variables, input) { result.append(plan.name, value) }
      }
      return result
    }
  }

  /// What is known of an argument that bounds the length of a list.
  func size(of names: [String]) -> ListSize {
    switch self {
    case .constant(let object):
      for name in names {
        if let value = object[name]?.int { return .known(Int(truncatingIfNeeded: value)) }
      }
    case .dynamic(let plans):
      for name in names {
        guard let plan = plans.first(where: { $0.name == name }) else { continue }
        switch plan.source {
        case .constant(let value):
          if let value = value.int { return .known(Int(truncatingIfNeeded: value)) }
        case .variable(let index, _):
          return .variable(index, otherwise: plan.defaultValue?.int.map { Int(truncatingIfNeeded: $0) })
        case .literal: break
        }
      }
    }
    return .unknown
  }
}

enum ListSize: Sendable {
  case unknown
  case known(Int)
  case variable(Int, otherwise: Int?)
}

/// An argument that a request's variables leave without the value it needs, and where it stands.
struct ArgumentFault: Error {
  let fault: GraphQLFault
  let offset: Int
}

struct ArgumentPlan: Sendable {
  enum Value: Sendable {
    case constant(JSON)
    /// A variable's position and name.
    case variable(Int, String)
    /// A list or object that holds variables.
    case literal(ValueNode)
  }

  let name: String
  let type: TypeRef
  let defaultValue: JSON?
  let source: Value
  /// Byte offset of the value in the document.
  let offset: Int

  func value(_ variables: VariableValues, _ input: InputCoercion) throws(ArgumentFault) -> JSON? {
    switch source {
    case .constant(let value): return value
    case .variable(let index, let variable):
      guard let value = variables[index] else {
        if let defaultValue { return defaultValue }
        guard !type.isNonNull else {
          throw invalid(
            "Argument \"\(name)\" of required type \"\(type)\" was provided the variable \"$\(variable)\" "
              + "which was not provided a runtime value.")
        }
        return nil
      }
      if value.isNull, type.isNonNull {
        throw invalid("Argument \"\(name)\" of non-null type \"\(type)\" must not be null.")
      }
      return value
    case .literal(let node):
      guard let value = input.value(of: node, as: type, variables: variables.byName) else {
        throw invalid("Argument \"\(name)\" has invalid value \(print(node)).")
      }
      return value
    }
  }

  private func invalid(_ message: String) -> ArgumentFault {
    ArgumentFault(fault: GraphQLFault(message, code: "BAD_USER_INPUT"), offset: offset)
  }
}
