/// The unambiguous name of an element of a schema, such as `Query.search(text:)` or `@deprecated(reason:)`
/// (specification, 2.15, "Schema Coordinates").
package enum SchemaCoordinate: Hashable, Sendable, CustomStringConvertible {
  case type(String)
  /// A field, an input field or an enum value.
  case member(type: String, name: String)
  case argument(type: String, field: String, name: String)
  case directive(String)
  case directiveArgument(directive: String, name: String)

  /// - Throws: a syntax error in the reference implementation's words; white space is none of the grammar.
  package init(parsing text: String) throws(GraphQLError) {
    var reader = try CoordinateReader(text)
    if try reader.take("@") {
      let directive = try reader.name()
      if try reader.take("(") {
        self = .directiveArgument(directive: directive, name: try reader.argument())
      } else {
        self = .directive(directive)
      }
    } else {
      let type = try reader.name()
      if try reader.take(".") {
        let member = try reader.name()
        if try reader.take("(") {
          self = .argument(type: type, field: member, name: try reader.argument())
        } else {
          self = .member(type: type, name: member)
        }
      } else {
        self = .type(type)
      }
    }
    try reader.expectEnd()
  }

  package var description: String {
    switch self {
    case .type(let name): name
    case .member(let type, let name): "\(type).\(name)"
    case .argument(let type, let field, let name): "\(type).\(field)(\(name):)"
    case .directive(let name): "@\(name)"
    case .directiveArgument(let directive, let name): "@\(directive)(\(name):)"
    }
  }
}

private struct CoordinateReader {
  private let source: Source
  private let scalars: [Unicode.Scalar]
  private var position = 0
  /// The next token: a name, a punctuator, or empty at the end.
  private var token = ""
  private var end = 0

  init(_ text: String) throws(GraphQLError) {
    source = Source(text: text)
    scalars = Array(text.unicodeScalars)
    try advance()
  }

  mutating func take(_ punctuator: String) throws(GraphQLError) -> Bool {
    guard token == punctuator else { return false }
    try advance()
    return true
  }

  mutating func name() throws(GraphQLError) -> String {
    guard let first = token.unicodeScalars.first, Self.startsName(first) else { throw expected("Name") }
    let name = token
    try advance()
    return name
  }

  /// The rest of an argument, whose parenthesis was read.
  mutating func argument() throws(GraphQLError) -> String {
    let name = try name()
    guard try take(":") else { throw expected("\":\"") }
    guard try take(")") else { throw expected("\")\"") }
    return name
  }

  func expectEnd() throws(GraphQLError) { if !token.isEmpty { throw expected("<EOF>") } }

  private mutating func advance() throws(GraphQLError) {
    position = end
    guard position < scalars.count else {
      token = ""
      return
    }
    let first = scalars[position]
    end = position + 1
    if Self.startsName(first) {
      while end < scalars.count, Self.startsName(scalars[end]) || ("0"..."9").contains(scalars[end]) { end += 1 }
    } else if !".():@".unicodeScalars.contains(first) {
      throw failure("Invalid character: \"\(first)\".")
    }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[position..<end])
    token = String(text)
  }

  private func expected(_ what: String) -> GraphQLError {
    guard let first = token.unicodeScalars.first else { return failure("Expected \(what), found <EOF>.") }
    return failure("Expected \(what), found \(Self.startsName(first) ? "Name " : "")\"\(token)\".")
  }

  private func failure(_ message: String) -> GraphQLError {
    GraphQLError("Syntax Error: \(message)", locations: [SourceLocation(line: 1, column: position + 1)])
  }

  private static func startsName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }
}
