internal import GraphQL
internal import JSON

/// As much of a value's type as is known before anything runs.
enum ValueKind: String {
  case text = "a text"
  case integer = "a whole number"
  case number = "a number"
  case boolean = "true or false"
  case list = "a list"
  case object = "a mapping"
  case unknown = "something"

  init(_ json: JSON) {
    self =
      switch json {
      case .null: .unknown
      case .bool: .boolean
      case .int: .integer
      case .double: .number
      case .array: .list
      case .object: .object
      default: .text
      }
  }

  /// What stands at a path of an operation's data.
  init(_ target: PathTarget) {
    guard case .found(let type, let isList) = target else {
      self = .unknown
      return
    }
    self = isList ? .list : ValueKind(type)
  }

  init(_ type: NamedType) {
    switch type {
    case .enumeration: self = .text
    case .scalar:
      self =
        switch type.name {
        case "Int": .integer
        case "Float": .number
        case "String", "ID": .text
        case "Boolean": .boolean
        default: .unknown
        }
    default: self = .object
    }
  }

  init(_ kind: FlowDefinition.Parameter.Kind) {
    self =
      switch kind {
      case .text: .text
      case .number: .number
      case .boolean: .boolean
      case .actor, .value: .unknown
      }
  }

  /// What is known of a value that is one of the two.
  func or(_ other: ValueKind) -> ValueKind { self == other ? self : .unknown }

  private var isNumber: Bool { self == .integer || self == .number }

  /// Whether a value of the one can equal a value of the other.
  func canEqual(_ other: ValueKind) -> Bool {
    self == other || self == .unknown || other == .unknown || (isNumber && other.isNumber)
  }

  /// Whether it can be the value of a variable (specification, 3.11 and 6.1.2).
  func fits(_ type: TypeRef, _ schema: Schema) -> Bool {
    if self == .unknown { return true }
    switch type.nullable {
    case .nonNull: return true
    case .list(let element): return self == .list || fits(element, schema)
    case .named(let name):
      switch schema.type(name) {
      case .enumeration?: return self == .text
      case .input?: return self == .object
      case .scalar?:
        switch name {
        case "Int", "Float": return isNumber
        case "String": return self == .text
        case "ID": return self == .text || self == .integer
        case "Boolean": return self == .boolean
        default: return true
        }
      default: return true
      }
    }
  }
}

/// Holds what `${…}` stands for against the types of variables and fields.
struct ReferenceChecker {
  let schema: Schema
  let report: FileReport
  /// What is known of a name.
  let kind: (String) -> ValueKind

  func check(variables template: Template, of info: OperationInfo) {
    guard case .object(let members) = template else { return }
    for member in members {
      guard let variable = info.variables.first(where: { $0.name == member.key }) else { continue }
      check(member.value, variable.type, member.key)
    }
  }

  private func check(_ template: Template, _ type: TypeRef, _ path: String) {
    switch template {
    case .literal, .text: return
    case .reference(let name, let mark):
      let known = kind(name)
      guard !known.fits(type, schema) else { return }
      report.error(
        .wrongVariable, at: mark, width: name.unicodeScalars.count + 3,
        "'$\(path)' must be \(type), but '${\(name)}' is \(known.rawValue).")
    case .array(let elements):
      guard case .list(let element) = type.nullable else { return }
      for (index, value) in elements.enumerated() { check(value, element, "\(path).\(index)") }
    case .object(let members):
      guard case .named(let name) = type.nullable, case .input(let input)? = schema.type(name) else { return }
      for member in members {
        if let field = input.fields[member.key] { check(member.value, field.type, "\(path).\(member.key)") }
      }
    }
  }

  func check(_ match: FieldMatch, in response: ResponsePaths) {
    guard case .found(let type, let isList) = response.target(of: match.path.segments) else { return }
    check(match.matcher, ValueKind(type), isList, match)
  }

  private func check(_ matcher: Matcher, _ field: ValueKind, _ isList: Bool, _ match: FieldMatch) {
    switch matcher {
    case .equals(let template): check(template, isList ? .list : field, match)
    case .oneOf(let templates): for template in templates { check(template, isList ? .list : field, match) }
    case .contains(let template), .greaterThan(let template), .atLeast(let template), .lessThan(let template),
      .atMost(let template):
      check(template, field, match)
    case .not(let inner): check(inner, field, isList, match)
    case .length(let inner):
      for template in inner.templates { check(template, .integer, match, "the length of '\(match.path)'") }
    case .all(let matchers): for inner in matchers { check(inner, field, isList, match) }
    case .matches, .exists: return
    }
  }

  /// - Parameter subject: what is compared, when that is not the field itself.
  private func check(_ template: Template, _ field: ValueKind, _ match: FieldMatch, _ subject: String? = nil) {
    guard case .reference(let name, let mark) = template else { return }
    let known = kind(name)
    guard !known.canEqual(field) else { return }
    report.error(
      .wrongMatch, at: mark, width: name.unicodeScalars.count + 3,
      "\(subject?.capitalizedFirst ?? "'\(match.path)'") is \(field.rawValue), which is never '${\(name)}': that is \(known.rawValue)."
    )
  }
}
