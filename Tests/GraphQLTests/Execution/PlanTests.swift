import GraphQL
import JSON
import Testing

@Suite("Plans: fragments, conditions, arguments, variables")
struct PlanTests {
  @Test("fragments dissolve and equal response keys merge")
  func merging() async throws {
    let query = """
      query { message(id: 5) { ...a author { id } ...b ... on Message { author { __typename } } } }
      fragment a on Message { id author { name } }
      fragment b on Message { ...a text }
      """
    #expect(
      await (try Chat.engine()).run(query)
        == #"{"data":{"message":{"id":"5","author":{"name":"user 0","id":"0","__typename":"User"},"text":"text of 5"}}}"#
    )
  }

  @Test(
    "one plan serves all values of the variables that decide",
    arguments: [
      (true, true, #"{"id":"5","text":"text of 5","author":{"id":"0","name":"user 0"}}"#),
      (false, true, #"{"text":"text of 5","id":"5","author":{"id":"0"}}"#),
      (true, false, #"{"id":"5","author":{"id":"0","name":"user 0"}}"#),
      (false, false, #"{"id":"5","author":{"id":"0"}}"#),
    ])
  func conditions(first: Bool, second: Bool, expected: String) async throws {
    let query = """
      query ($a: Boolean!, $b: Boolean = true) {
        message(id: 5) {
          id @include(if: $a)
          text @include(if: $b)
          id
          author { id }
          ... @include(if: $a) { author { name } }
          ...never @skip(if: true)
        }
      }
      fragment never on Message { mentions { user { id } } }
      """
    let engine = try Chat.engine()
    for _ in 0..<2 {
      #expect(
        await engine.run(query, ["a": .bool(first), "b": .bool(second)]) == #"{"data":{"message":\#(expected)}}"#)
    }
    _ = await engine.run(query, ["a": .bool(!first)])
    #expect(engine.cachedPlans == 1)
  }

  @Test("a fragment skipped in one place still counts in another")
  func fragmentTwice() async throws {
    let query = """
      query ($a: Boolean!) { message(id: 5) { ...f @include(if: $a) id ...f } }
      fragment f on Message { text }
      """
    let engine = try Chat.engine()
    #expect(await engine.run(query, ["a": true]) == #"{"data":{"message":{"text":"text of 5","id":"5"}}}"#)
    #expect(await engine.run(query, ["a": false]) == #"{"data":{"message":{"id":"5","text":"text of 5"}}}"#)
  }

  @Test("plans differ by document and operation, and keep their identity")
  func identity() throws {
    let engine = try Chat.engine()
    let two = "query A($id: ID!) { message(id: $id) { id } } query B { messages { id } }"
    func prepare(_ operation: String, _ variables: JSONObject = [:]) throws -> PreparedOperation {
      try engine.prepare(GraphQLRequest(query: two, operationName: operation, variables: variables)).get()
    }
    let first = try prepare("A", ["id": 4, "unknown": true])
    let again = try prepare("A", ["id": "4"])
    #expect(first.planIdentity == again.planIdentity)
    #expect(first.canonicalVariables == again.canonicalVariables)
    #expect(String(decoding: first.canonicalVariables, as: UTF8.self) == #"{"id":"4"}"#)
    #expect(try prepare("B").planIdentity != first.planIdentity)
    #expect(first.kind == .query)
  }

  @Test("the cache of plans forgets the one unused for longest")
  func eviction() throws {
    var limits = EngineLimits.default
    limits.cachedPlans = 2
    let engine = try Chat.engine(limits: limits)
    func identity(_ field: String) throws -> Int {
      try engine.prepare(GraphQLRequest(query: "{ messages { \(field) } }")).get().planIdentity
    }
    let id = try identity("id")
    let text = try identity("text")
    #expect(try identity("id") == id)
    _ = try identity("__typename")
    #expect(try identity("id") == id)
    #expect(try identity("text") != text)
    #expect(engine.cachedPlans == 2)
  }

  private static let echoSDL = """
    type Query {
      echo(int: Int = 7, text: String, need: Int! = 1, list: [Int!], input: Filter, color: Color, when: Time): JSON
    }
    input Filter { min: Int! = 0  max: Int  tags: [String!]  nested: Filter  mood: Color = RED }
    input Choice @oneOf { a: Int  b: Int }
    enum Color { RED GREEN }
    scalar JSON
    scalar Time
    """

  /// Answers with its arguments.
  private static func echo() throws -> Engine<Caller> {
    try Engine(echoSDL) { resolvers in
      resolvers.query { $0.rootSync("echo") { call -> JSON? in .object(call.arguments) } }
      resolvers.scalar(
        "Time",
        parse: { json in
          guard let text = json.string, text.hasSuffix("Z") else { throw GraphQLFault("Times end in Z.", code: "X") }
          return .string("\(text)!")
        })
    }
  }

  @Test(
    "arguments are what the client gave, coerced, with defaults where it gave nothing",
    arguments: [
      ("{ echo }", [:], #"{"int":7,"need":1}"#),
      ("{ echo(int: null, text: \"a\", list: 3) }", [:], #"{"int":null,"text":"a","need":1,"list":[3]}"#),
      ("query ($i: Int) { echo(int: $i, need: 2) }", [:], #"{"int":7,"need":2}"#),
      ("query ($i: Int) { echo(int: $i) }", ["i": nil], #"{"int":null,"need":1}"#),
      ("query ($i: Int = 9) { echo(int: $i) }", [:], #"{"int":9,"need":1}"#),
      (
        "query ($m: Int!) { echo(input: {max: $m, nested: {tags: \"x\"}}) }", ["m": 4],
        #"{"int":7,"need":1,"input":{"min":0,"max":4,"nested":{"min":0,"tags":["x"],"mood":"RED"},"mood":"RED"}}"#
      ),
      (
        "query ($f: Filter) { echo(input: $f) }", ["f": ["mood": "GREEN", "min": 2.0]],
        #"{"int":7,"need":1,"input":{"min":2,"mood":"GREEN"}}"#
      ),
      (
        "query ($t: Time) { echo(color: GREEN, when: $t) }", ["t": "nowZ"],
        #"{"int":7,"need":1,"color":"GREEN","when":"nowZ!"}"#
      ),
      ("{ echo(when: \"nowZ\") }", [:], #"{"int":7,"need":1,"when":"nowZ!"}"#),
    ] as [(String, JSONObject, String)])
  func arguments(query: String, variables: JSONObject, expected: String) async throws {
    #expect(await (try Self.echo()).run(query, variables) == #"{"data":{"echo":\#(expected)}}"#)
  }

  @Test(
    "variables that do not fit have the reference implementation's messages",
    arguments: [
      ("query ($i: Int!) { echo(int: $i) }", [:], #"Variable "$i" of required type "Int!" was not provided."#),
      ("query ($i: Int!) { echo(int: $i) }", ["i": nil], #"Variable "$i" of non-null type "Int!" must not be null."#),
      (
        "query ($i: Int) { echo(int: $i) }", ["i": "1"],
        #"Variable "$i" got invalid value "1"; Int cannot represent non-integer value: "1""#
      ),
      (
        "query ($i: Int) { echo(int: $i) }", ["i": 3_000_000_000],
        #"Variable "$i" got invalid value 3000000000; Int cannot represent non 32-bit signed integer value: 3000000000"#
      ),
      (
        "query ($f: Filter) { echo(input: $f) }", ["f": ["nested": ["tags": [1]]]],
        #"Variable "$f" got invalid value 1 at "f.nested.tags[0]"; String cannot represent a non string value: 1"#
      ),
      (
        "query ($f: Filter) { echo(input: $f) }", ["f": ["mx": 1]],
        #"Variable "$f" got invalid value { mx: 1 }; Field "mx" is not defined by type "Filter". "#
          + #"Did you mean "max"?"#
      ),
      (
        "query ($f: Filter) { echo(input: $f) }", ["f": ["min": nil]],
        #"Variable "$f" got invalid value null at "f.min"; Expected non-nullable type "Int!" not to be null."#
      ),
      (
        "query ($c: Color) { echo(color: $c) }", ["c": "REED"],
        #"Variable "$c" got invalid value "REED"; Value "REED" does not exist in "Color" enum. "#
          + #"Did you mean the enum value "RED" or "GREEN"?"#
      ),
      (
        "query ($t: Time) { echo(when: $t) }", ["t": "now"],
        #"Variable "$t" got invalid value "now"; Expected type "Time". Times end in Z."#
      ),
    ] as [(String, JSONObject, String)])
  func variableMessages(query: String, variables: JSONObject, message: String) async throws {
    let text = await (try Self.echo()).run(query, variables)
    let errors = try JSON.parse(text)["errors"]
    #expect(errors?[0]?["message"] == .string(message), "\(text)")
    #expect(errors?[0]?["extensions"]?["code"] == "BAD_USER_INPUT")
  }

  @Test("a custom scalar refuses a literal before anything runs")
  func scalarLiteral() async throws {
    let text = await (try Self.echo()).run("{ echo(when: \"now\") }")
    #expect(text.contains("Times end in Z."), "\(text)")
    #expect(!text.contains("data"))
  }

  @Test("an operation is chosen by name")
  func operationName() async throws {
    let engine = try Chat.engine()
    let two = "query A { message(id: 1) { id } } query B { message(id: 2) { id } }"
    #expect(await engine.run(two, operation: "B") == #"{"data":{"message":{"id":"2"}}}"#)
    #expect(await engine.run(two).contains("Must provide operation name if query contains multiple operations."))
    #expect(await engine.run(two, operation: "C").contains(#"Unknown operation named \"C\"."#))
  }

  @Test("a resolver can see what is selected under it")
  func lookahead() async throws {
    let engine = try Engine<Caller>("type Query { thing: Thing } type Thing { number: Int!  name: Int! }") {
      resolvers in
      resolvers.query { root in
        root.rootSync("thing") { call -> Thing? in
          call.context.log.note("number: \(call.selects("number")), name: \(call.selects("name"))")
          return nil
        }
      }
      resolvers.object("Thing", Thing.self) { type in
        type.field("number") { $0.number }
        type.field("name") { $0.number }
      }
    }
    let caller = Caller()
    _ = await engine.run("{ thing { ... { other: number } } }", as: caller)
    #expect(caller.log.calls == ["number: true, name: false"])
  }
}
