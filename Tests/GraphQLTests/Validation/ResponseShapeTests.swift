import GraphQL
import Testing

@Suite struct ResponseShapeTests {
  private static let text = """
    query Q($n: String) {
      dog(name: $n) { called: name owner { ...H } }
      beings(first: 1) { name ... on Dog { barks } related { name } }
    }
    fragment H on Human { level pets { name } matrix }
    """

  @Test(
    "a path leads to a type, or to the keys there are instead",
    arguments: [
      (["dog", "called"], ResponseShape.Resolution.found(.named("String"), .scalar)),
      (["dog", "owner", "level"], .found(.nonNull(.named("Level")), .enumeration)),
      (["dog", "owner"], .found(.named("Human"), .composite)),
      (["dog", "owner", "pets"], .found(.list(.named("Pet")), .list)),
      (["dog", "owner", "pets", "0", "name"], .found(.named("String"), .scalar)),
      (["beings", "[]", "related", "name"], .found(.named("String"), .scalar)),
      (["beings", "barks"], .found(.nonNull(.named("Boolean")), .scalar)),
      (["dog", "owner", "matrix", "0", "1"], .found(.nonNull(.named("Int")), .scalar)),
      ([], .found(.nonNull(.named("Query")), .composite)),
      (["dog", "name"], .missing(at: 1, candidates: ["called", "owner"])),
      (["cat"], .missing(at: 0, candidates: ["dog", "beings"])),
      (["dog", "0"], .missing(at: 1, candidates: ["called", "owner"])),
      (["dog", "called", "x"], .missing(at: 2, candidates: [])),
    ] as [([String], ResponseShape.Resolution)])
  func paths(path: [String], expected: ResponseShape.Resolution) throws {
    let document = try parseDocument(Source(text: Self.text))
    let operation = try #require(document.operations.first)
    let shape = ResponseShape(operation, of: document, against: try PetSchema.schema.get())
    #expect(shape.resolve(path: path) == expected)
    #expect(shape.keys == ["dog", "beings"])
  }
}
