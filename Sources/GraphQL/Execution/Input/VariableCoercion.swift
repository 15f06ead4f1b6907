internal import JSON

/// Coerces the raw variables of a request (specification, 6.1.2), with the reference implementation's messages.
struct VariableCoercion {
  /// Mistakes told at once.
  static let errorLimit = 50

  private let input: InputCoercion
  private let document: Document
  private var errors: [GraphQLError] = []

  static func coerce(
    _ raw: JSONObject, for plans: [VariablePlan], in document: Document, with input: InputCoercion
  ) -> Result<VariableValues, VariableErrors> {
    var coercion = VariableCoercion(input: input, document: document)
    let values = plans.map { coercion.value(of: $0, in: raw) }
    guard coercion.errors.isEmpty else { return .failure(VariableErrors(errors: coercion.errors)) }
    return .success(VariableValues(values, of: plans))
  }

  private init(input: InputCoercion, document: Document) {
    self.input = input
    self.document = document
  }

  private mutating func value(of plan: VariablePlan, in raw: JSONObject) -> JSON? {
    guard let given = raw[plan.name] else {
      if let value = plan.defaultValue { return value }
      if plan.type.isNonNull {
        report("Variable \"$\(plan.name)\" of required type \"\(plan.type)\" was not provided.", plan)
      }
      return nil
    }
    if given.isNull {
      if plan.type.isNonNull {
        report("Variable \"$\(plan.name)\" of non-null type \"\(plan.type)\" must not be null.", plan)
      } else if plan.decides {
        report("Argument \"if\" of non-null type \"Boolean!\" must not be null.", plan)
      }
      return .null
    }
    var place = Place(plan: plan)
    return coerce(given, as: plan.type, &place)
  }

  /// Where in a variable's value a mistake is.
  private struct Place {
    let plan: VariablePlan
    var path = ""
  }

  private mutating func coerce(_ value: JSON, as type: TypeRef, _ place: inout Place) -> JSON {
    if case .nonNull(let inner) = type {
      if value.isNull {
        report("Expected non-nullable type \"\(type)\" not to be null.", value, place)
        return .null
      }
      return coerce(value, as: inner, &place)
    }
    if value.isNull { return .null }
    if case .list(let element) = type {
      guard case .array(let items) = value else { return .array([coerce(value, as: element, &place)]) }
      var result: [JSON] = []
      result.reserveCapacity(items.count)
      let outer = place.path
      for (index, item) in items.enumerated() {
        place.path = "\(outer)[\(index)]"
        result.append(coerce(item, as: element, &place))
      }
      place.path = outer
      return .array(result)
    }
    switch input.schema.type(of: type) {
    case .input(let object)?: return coerce(value, as: object, &place)
    case .enumeration(let enumeration)?: return coerce(value, as: enumeration, place)
    case .scalar(let scalar)?: return coerce(value, asScalar: scalar.name, place)
    default: return .null
    }
  }

  private mutating func coerce(_ value: JSON, as type: InputObjectType, _ place: inout Place) -> JSON {
    guard case .object(let given) = value else {
      report("Expected type \"\(type.name)\" to be an object.", value, place)
      return .null
    }
    var result = JSONObject()
    let outer = place.path
    for field in type.fields {
      guard let fieldValue = given[field.name] else {
        if let value = field.defaultValue {
          result.append(field.name, value)
        } else if field.type.isNonNull {
          report("Field \"\(field.name)\" of required type \"\(field.type)\" was not provided.", value, place)
        }
        continue
      }
      place.path = "\(outer).\(field.name)"
      result.append(field.name, coerce(fieldValue, as: field.type, &place))
      place.path = outer
    }
    for key in given.keys where type.fields[key] == nil {
      let hint = didYouMean(suggestions(for: key, among: type.fields.names))
      report("Field \"\(key)\" is not defined by type \"\(type.name)\".\(hint)", value, place)
    }
    if type.isOneOf {
      if given.count != 1 {
        report("Exactly one key must be specified for OneOf type \"\(type.name)\".", value, place)
      } else if let only = given.members.first, only.value.isNull {
        place.path = "\(outer).\(only.key)"
        report("Field \"\(only.key)\" must be non-null.", only.value, place)
        place.path = outer
      }
    }
    return .object(result)
  }

  private mutating func coerce(_ value: JSON, as type: EnumType, _ place: Place) -> JSON {
    guard case .string(let name) = value else {
      report("Enum \"\(type.name)\" cannot represent non-string value: \(inspect(value)).", value, place)
      return .null
    }
    guard type.values[name] != nil else {
      let hint = didYouMean(suggestions(for: name, among: type.values.names), "the enum value")
      report("Value \"\(name)\" does not exist in \"\(type.name)\" enum.\(hint)", value, place)
      return .null
    }
    return value
  }

  private mutating func coerce(_ value: JSON, asScalar name: String, _ place: Place) -> JSON {
    switch (name, value) {
    case ("Int", .int(let int)):
      if Int32(exactly: int) != nil { return value }
      report("Int cannot represent non 32-bit signed integer value: \(int)", value, place)
    case ("Int", .double(let double)):
      if let int = Int32(exactly: double) { return .int(Int64(int)) }
      let problem = double == double.rounded() ? "non 32-bit signed integer" : "non-integer"
      report("Int cannot represent \(problem) value: \(inspect(value))", value, place)
    case ("Int", _): report("Int cannot represent non-integer value: \(inspect(value))", value, place)
    case ("Float", .int(let int)): return .double(Double(int))
    case ("Float", .double): return value
    case ("Float", _): report("Float cannot represent non numeric value: \(inspect(value))", value, place)
    case ("String", .string), ("Boolean", .bool), ("ID", .string): return value
    case ("String", _): report("String cannot represent a non string value: \(inspect(value))", value, place)
    case ("Boolean", _): report("Boolean cannot represent a non boolean value: \(inspect(value))", value, place)
    case ("ID", .int(let int)): return .string(String(int))
    case ("ID", _): report("ID cannot represent value: \(inspect(value))", value, place)
    default:
      do { return try input.scalars[name]?(value) ?? value } catch {
        report("Expected type \"\(name)\". \(clientMessage(of: error))", value, place)
      }
    }
    return .null
  }

  private mutating func report(_ message: String, _ plan: VariablePlan) {
    if errors.count == Self.errorLimit {
      add("Too many errors processing variables, error limit reached. Execution aborted.", [])
    } else {
      add(message, [document.location(plan.offset)])
    }
  }

  private mutating func report(_ message: String, _ value: JSON, _ place: Place) {
    let at = place.path.isEmpty ? "" : " at \"\(place.plan.name)\(place.path)\""
    report("Variable \"$\(place.plan.name)\" got invalid value \(inspect(value))\(at); \(message)", place.plan)
  }

  private mutating func add(_ message: String, _ locations: [SourceLocation]) {
    guard errors.count <= Self.errorLimit else { return }
    errors.append(GraphQLError(message, locations: locations, extensions: ["code": "BAD_USER_INPUT"]))
  }
}

struct VariableErrors: Error {
  let errors: [GraphQLError]
}

/// What a client is told when a scalar's parser refuses a value.
func clientMessage(of error: any Error) -> String {
  switch error {
  case let fault as GraphQLFault: fault.message
  case let error as GraphQLError: error.message
  default: "The value is not valid."
  }
}

/// A value as the reference implementation shows it in messages, abridged.
func inspect(_ value: JSON, depth: Int = 0) -> String {
  let longest = 10
  let deepest = 2
  switch value {
  case .array(let items):
    if items.isEmpty { return "[]" }
    if depth > deepest { return "[Array]" }
    var parts = items.prefix(longest).map { inspect($0, depth: depth + 1) }
    let rest = items.count - parts.count
    if rest > 0 { parts.append(rest == 1 ? "... 1 more item" : "... \(rest) more items") }
    return "[\(parts.joined(separator: ", "))]"
  case .object(let object):
    if object.isEmpty { return "{}" }
    if depth > deepest { return "[Object]" }
    let parts = object.members.map { "\($0.key): \(inspect($0.value, depth: depth + 1))" }
    return "{ \(parts.joined(separator: ", ")) }"
  default: return value.text
  }
}
