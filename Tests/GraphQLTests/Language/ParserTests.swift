import GraphQL
import Testing

@Suite struct ParserTests {
  @Test(
    "a syntax error says what was found, what was expected, and where",
    arguments: [
      ("{", "Syntax Error: Expected Name, found <EOF>. (1:2)"),
      ("", "Syntax Error: Unexpected <EOF>. (1:1)"),
      ("query", "Syntax Error: Expected '{', found <EOF>. (1:6)"),
      ("{ field: {} }", "Syntax Error: Expected Name, found '{'. (1:10)"),
      ("notAnOperation Foo { field }", "Syntax Error: Unexpected Name 'notAnOperation'. (1:1)"),
      ("{ ...MissingOn }\nfragment MissingOn Type", "Syntax Error: Expected 'on', found Name 'Type'. (2:20)"),
      ("fragment on on on { on }", "Syntax Error: Unexpected Name 'on'. (1:10)"),
      ("{ ... on }", "Syntax Error: Expected Name, found '}'. (1:10)"),
      (
        "query Foo($x: Complex = { a: { b: [ $var ] } }) { field }",
        "Syntax Error: Unexpected variable '$var' in constant value. (1:37)"
      ),
      ("{ a(b: \"x) }", "Syntax Error: Unterminated string. (1:13)"),
      ("{ a(b: \"x\ny\") }", "Syntax Error: Unterminated string. (1:10)"),
      ("{ a(b: \"\"\"x) }", "Syntax Error: Unterminated string. (1:15)"),
      ("{ a(b: \"\\q\") }", "Syntax Error: Invalid character escape sequence: '\\q'. (1:9)"),
      ("{ a(b: \"\\u12G4\") }", "Syntax Error: Invalid Unicode escape sequence: '\\u12G4'. (1:9)"),
      ("{ a(b: \"\\uD83D\") }", "Syntax Error: Invalid Unicode escape sequence: '\\uD83D'. (1:9)"),
      ("{ a(b: \"\\u{110000}\") }", "Syntax Error: Invalid Unicode escape sequence: '\\u{110000}'. (1:9)"),
      ("{ a(b: 01) }", "Syntax Error: Invalid number, unexpected digit after 0: '1'. (1:9)"),
      ("{ a(b: 1.) }", "Syntax Error: Invalid number, expected digit but got: ')'. (1:10)"),
      ("{ a(b: 1x) }", "Syntax Error: Invalid number, expected digit but got: 'x'. (1:9)"),
      ("{ a(b: -) }", "Syntax Error: Invalid number, expected digit but got: ')'. (1:9)"),
      ("{ é }", "Syntax Error: Unexpected character: U+00E9. (1:3)"),
      (
        "{ a'b' }",
        "Syntax Error: Unexpected single quote character (\"), did you mean to use a double quote (')? (1:4)"
      ),
      ("{ .. }", "Syntax Error: Unexpected character: '.'. (1:3)"),
      ("\r\n\n  ?", "Syntax Error: Unexpected character: '?'. (3:3)"),
      ("# ü€😀\n\"ü€😀\" ?", "Syntax Error: Unexpected character: '?'. (2:7)"),
      ("extend type Foo", "Syntax Error: Unexpected <EOF>. (1:16)"),
      ("enum E { true }", "Syntax Error: Name 'true' is reserved and cannot be used for an enum value. (1:10)"),
      ("directive @a on NOWHERE", "Syntax Error: Unexpected Name 'NOWHERE'. (1:17)"),
      (
        "\"d\" { a }",
        "Syntax Error: Unexpected description, descriptions are not supported on shorthand queries. (1:1)"
      ),
      (
        "\"d\" extend type A { a: Int }",
        "Syntax Error: Unexpected description, only GraphQL definitions support descriptions. (1:1)"
      ),
    ])
  func syntaxErrors(text: String, expected: String) {
    // What was found stands in double quotes; the table has single ones, and `"` where single ones are meant.
    let swapped = String(expected.map { $0 == "'" ? "\"" : $0 == "\"" ? "'" : $0 })
    #expect(Self.failure(text) == swapped)
  }

  @Test("strings mean what their escapes and blocks say")
  func strings() throws {
    let text = #"""
      { a(
        x: "\u00e9\uD83D\uDE00\u{1F600}\n\/"
        y: """

            first
              second \"""

            third
          """
        z: """"quoted" """
      ) }
      """#
    let document = try parseDocument(Source(text: "\u{feff}" + text))
    guard case .field(let field)? = document.operations.first?.selectionSet.selections.first else {
      Issue.record("no field")
      return
    }
    #expect(
      field.arguments.map(\.value.string) == [
        "é😀😀\n/", "first\n  second \"\"\"\n\nthird", "\"quoted\" ",
      ])
  }

  @Test("documents beyond a limit are refused")
  func limits() {
    let limits = ParserLimits(maxBytes: 1_000, maxTokens: 20, maxDepth: 3)
    #expect(Self.failure("{ a { b { c } } }", limits) == nil)
    #expect(
      Self.failure("{ a { b { c { d } } } }", limits)
        == "Syntax Error: Document is nested deeper than 3 levels. Parsing aborted. (1:13)")
    #expect(
      Self.failure("{ " + String(repeating: "a ", count: 20) + "}", limits)
        == "Syntax Error: Document contains more than 20 tokens. Parsing aborted. (1:41)")
    #expect(
      Self.failure(String(repeating: " ", count: 1_001), limits)
        == "Syntax Error: Document is larger than 1000 bytes. Parsing aborted.")
    let deep = String(repeating: "[", count: 100_000)
    #expect(Self.failure("query ($a: \(deep)", .default)?.contains("nested deeper") == true)
    #expect(Self.failure("{ a(b: \(deep)", .default)?.contains("nested deeper") == true)
  }

  private static func failure(_ text: String, _ limits: ParserLimits = .default) -> String? {
    do throws(GraphQLError) {
      _ = try parseDocument(Source(text: text), limits: limits)
      return nil
    } catch {
      return error.description
    }
  }
}
