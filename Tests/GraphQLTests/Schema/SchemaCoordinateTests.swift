import GraphQL
import Testing

@Suite struct SchemaCoordinateTests {
  private static let sdl = """
    type Query { searchBusiness(criteria: SearchCriteria!): [Business] }
    input SearchCriteria { name: String filter: SearchFilter }
    enum SearchFilter { OPEN_NOW DELIVERS_TAKEOUT }
    type Business { id: ID email: String @private(scope: "loggedIn") }
    union Any = Business
    directive @private(scope: String!) on FIELD_DEFINITION
    """

  @Test(
    "coordinates name the elements of the specification's table, and print as they were written",
    arguments: [
      ("Business", "type"), ("Business.id", "field"), ("SearchCriteria.filter", "inputField"),
      ("SearchFilter.OPEN_NOW", "enumValue"), ("Query.searchBusiness(criteria:)", "argument"),
      ("@private", "directive"), ("@private(scope:)", "argument"), ("@deprecated(reason:)", "argument"),
      ("String", "type"), ("Nope", "nil"), ("Business.nope", "nil"), ("Query.searchBusiness(nope:)", "nil"),
      ("@nope", "nil"),
    ])
  func resolves(text: String, kind: String) throws {
    let schema = try Schema.build([Source(text: Self.sdl)])
    let coordinate = try SchemaCoordinate(parsing: text)
    #expect(coordinate.description == text)
    let element = try schema.element(at: coordinate)
    #expect((element.map { "\($0)" } ?? "nil").hasPrefix(kind))
  }

  @Test(
    "what cannot be parsed or contains nothing is refused in the reference implementation's words",
    arguments: [
      ("", "Syntax Error: Expected Name, found <EOF>. (1:1)"),
      (" Query", "Syntax Error: Invalid character: \" \". (1:1)"),
      ("Query.", "Syntax Error: Expected Name, found <EOF>. (1:7)"),
      ("Query.a(b)", "Syntax Error: Expected \":\", found \")\". (1:10)"),
      ("Query.a.b", "Syntax Error: Expected <EOF>, found \".\". (1:8)"),
      ("@d(e:) f", "Syntax Error: Invalid character: \" \". (1:7)"),
      ("Nope.a", "Expected \"Nope\" to be defined as a type in the schema."),
      ("String.a", "Expected \"String\" to be an Enum, Input Object, Object or Interface type."),
      ("Any.a(b:)", "Expected \"Any\" to be an object type or interface type."),
      ("Query.a(b:)", "Expected \"a\" to exist as a field of type \"Query\" in the schema."),
      ("@nope(a:)", "Expected \"nope\" to be defined as a directive in the schema."),
    ])
  func refuses(text: String, message: String) throws {
    let schema = try Schema.build([Source(text: Self.sdl)])
    #expect {
      _ = try schema.element(at: SchemaCoordinate(parsing: text))
    } throws: {
      "\($0)" == message
    }
  }
}
