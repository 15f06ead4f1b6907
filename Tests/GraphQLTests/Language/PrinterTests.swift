import GraphQL
import GraphQLTesting
import Testing
import World

@Suite struct PrinterTests {
  private static let everything = #"""
    "An operation."
    query Q("A variable." $a: [Int!]! = [1, 2] @note, $b: In = {x: {y: "z"}}) @note(text: """block""") {
      alias: field(one: $a, two: [true, null, ENUM, 1.5e3, "s\"\n"], three: {}) @skip(if: $a) { ...F }
      ... on T @include(if: true) { long(aaaaaaaaaaaaaaaaaaaaa: "bbbbbbbbbbbbbbbbbbbbbbb", ccccccccccccccccccccc: "dddddd") }
      ... { id }
    }
    mutation { a }
    subscription S { a }
    "A fragment."
    fragment F on T @note { id }
    """
    The schema,
      indented "quoted" \"""
    """
    schema @note { query: Q mutation: M }
    extend schema @note { subscription: S }
    "s" scalar Time @specifiedBy(url: "u")
    extend scalar Time @note
    type T implements A & B @note { "f" f("x" x: Int = 1 @note, y: String): T! @deprecated g: [Int!]! }
    extend type T implements C
    interface A implements B { id: ID! }
    union U @note = | A | B
    extend union U = C
    enum E { "v" A @note B }
    input I @oneOf { a: Int = 5 b: [String] }
    extend input I { c: Int }
    directive @note(text: String = "x") repeatable on | FIELD | QUERY
    type Empty
    """#

  @Test("printing what was parsed, and parsing that, gives the same text")
  func fixedPoint() throws {
    let once = print(try parseDocument(Source(text: Self.everything)))
    let twice = print(try parseDocument(Source(text: once)))
    #expect(once == twice)
    #expect(once.contains("query Q(\n  \"A variable.\"\n  $a: [Int!]! = [1, 2] @note"))
    #expect(once.contains("directive @note(text: String = \"x\") repeatable on FIELD | QUERY"))
  }

  @Test("generated documents print to a fixed point, and their errors stay the same")
  func generated() throws {
    let schema = try PetSchema.schema.get()
    var generator = DocumentGenerator(schema: schema, seed: 7)
    for _ in 0..<200 {
      let text = generator.document()
      guard let document = try? parseDocument(Source(text: text)) else { continue }
      let once = print(document)
      let again = try parseDocument(Source(text: once))
      #expect(once == print(again))
      #expect(
        validate(document, against: schema).map(\.message) == validate(again, against: schema).map(\.message))
    }
  }

  @Test("mutated and truncated documents never crash parser, rules or printer")
  func fuzz() throws {
    let schema = try PetSchema.schema.get()
    var generator = DocumentGenerator(schema: schema, seed: 99)
    var random = RandomStream(seed: 99, name: "truncation")
    var parsed = 0
    for round in 0..<600 {
      var text = generator.mutated(round.isMultiple(of: 3) ? Self.everything : generator.document())
      if round.isMultiple(of: 2) { text = String(text.prefix(random.int(in: 0..<text.count + 1))) }
      _ = try? Schema.build([Source(text: text)])
      guard let document = try? parseDocument(Source(text: text)) else { continue }
      parsed += 1
      _ = validate(document, against: schema)
      _ = try parseDocument(Source(text: print(document)))
    }
    #expect(parsed > 50)
  }
}
