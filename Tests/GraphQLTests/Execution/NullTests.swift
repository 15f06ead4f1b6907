import GraphQL
import JSON
import Testing

@Suite("Errors and nulls")
struct NullTests {
  struct Node: Sendable {}

  /// One type whose fields fail or are null in every position; `deep` leads back to it.
  private static func engine() throws -> Engine<Caller> {
    let sdl = """
      type Query { node: Node  must: Node!  nodes: [Node]  nodesMust: [Node!]  mustMust: [Node!]! }
      type Node {
        ok: Int!  fails: Int  failsMust: Int!  nothing: Int  nothingMust: Int!
        deep: Node  deepMust: Node!  list: [Int]  listMust: [Int!]  big: Int  odd: Color  real: Float
      }
      enum Color { RED }
      """
    return try Engine(sdl) { resolvers in
      resolvers.query { root in
        root.rootSync("node") { _ -> Node? in Node() }
        root.rootSync("must") { _ in Node() }
        root.rootSync("nodes") { _ -> [Node?]? in [Node(), nil] }
        root.rootSync("nodesMust") { _ -> [Node]? in [Node(), Node()] }
        root.rootSync("mustMust") { _ in [Node()] }
      }
      resolvers.object("Node", Node.self) { type in
        type.field("ok") { _ in 1 }
        type.field("fails") { _, _ throws -> Int? in throw GraphQLFault("No", code: "NO") }
        type.field("failsMust") { _, _ throws -> Int in throw GraphQLFault("No", code: "NO") }
        type.field("nothing") { _ in Int?.none }
        type.batchResults("nothingMust") { call async -> [Result<Int, any Error>] in
          call.parents.map { _ in .failure(GraphQLFault("Gone", code: "GONE")) }
        }
        type.field("deep") { _ -> Node? in Node() }
        type.field("deepMust") { _ in Node() }
        type.field("list") { _ -> [Int?]? in [1, 1 << 40, nil] }
        type.field("listMust") { _ -> [Int]? in [1, 1 << 40] }
        type.field("big") { _ -> Int? in 1 << 31 }
        type.field("odd") { _ -> String? in "BLUE" }
        type.field("real") { _ -> Double? in .nan }
      }
    }
  }

  @Test(
    "an error nulls the nearest position that may be null, and its path names where it arose",
    arguments: [
      ("{ node { fails ok } }", #"{"node":{"fails":null,"ok":1}}"#, [#"["node","fails"]"#]),
      ("{ node { ok failsMust } }", #"{"node":null}"#, [#"["node","failsMust"]"#]),
      (
        "{ node { deepMust { deepMust { failsMust } } } }", #"{"node":null}"#,
        [#"["node","deepMust","deepMust","failsMust"]"#]
      ),
      (
        "{ node { deep { deepMust { failsMust } } ok } }", #"{"node":{"deep":null,"ok":1}}"#,
        [#"["node","deep","deepMust","failsMust"]"#]
      ),
      ("{ must { failsMust } }", "null", [#"["must","failsMust"]"#]),
      ("{ nodes { failsMust } }", #"{"nodes":[null,null]}"#, [#"["nodes",0,"failsMust"]"#]),
      ("{ nodesMust { failsMust } }", #"{"nodesMust":null}"#, [#"["nodesMust",0,"failsMust"]"#]),
      ("{ a: node { ok } mustMust { failsMust } }", "null", [#"["mustMust",0,"failsMust"]"#]),
      ("{ node { a: fails b: failsMust c: fails } }", #"{"node":null}"#, [#"["node","a"]"#, #"["node","b"]"#]),
      ("{ node { nothingMust } }", #"{"node":null}"#, [#"["node","nothingMust"]"#]),
      ("{ node { list } }", #"{"node":{"list":[1,null,null]}}"#, [#"["node","list",1]"#]),
      ("{ node { listMust } }", #"{"node":{"listMust":null}}"#, [#"["node","listMust",1]"#]),
      (
        "{ node { big odd real } }", #"{"node":{"big":null,"odd":null,"real":null}}"#,
        [#"["node","big"]"#, #"["node","odd"]"#, #"["node","real"]"#]
      ),
      (
        "{ nodesMust { fails } }", #"{"nodesMust":[{"fails":null},{"fails":null}]}"#,
        [#"["nodesMust",0,"fails"]"#, #"["nodesMust",1,"fails"]"#]
      ),
    ])
  func propagation(query: String, data: String, paths: [String]) async throws {
    let text = await (try Self.engine()).run(query)
    #expect(text.hasSuffix(#","data":\#(data)}"#), "\(text)")
    #expect(text.components(separatedBy: #""path":"#).dropFirst().map { String($0.prefix(upTo: "]") + "]") } == paths)
  }

  @Test("values that do not fit their type have the reference implementation's messages")
  func coercionMessages() async throws {
    let text = await (try Self.engine()).run("{ node { big odd real } }")
    #expect(text.contains("Int cannot represent non 32-bit signed integer value: 2147483648"))
    #expect(text.contains(#"Enum \"Color\" cannot represent value: \"BLUE\""#))
    #expect(text.contains("Float cannot represent non numeric value: nan"))
  }

  @Test("errors beyond the limit are counted, not shown")
  func manyErrors() async throws {
    var limits = EngineLimits.default
    limits.errors = 2
    let engine = try Engine<Caller>("type Query { things: [Thing!]! } type Thing { name: String }", limits: limits) {
      resolvers in
      resolvers.query { $0.rootSync("things") { _ in (0..<5).map { Thing(number: $0) } } }
      resolvers.object("Thing", Thing.self) { type in
        type.batch("name") { _ async throws -> [String?] in throw GraphQLFault("No", code: "NO") }
      }
    }
    let text = await engine.run("{ things { name } }")
    #expect(text.components(separatedBy: #""message":"No""#).count == 3)
    #expect(text.contains(#"{"message":"3 more errors are left out.","extensions":{"code":"TOO_MANY_ERRORS"}}"#))
  }

  @Test("an error in a fragment that is spread twice, once under a condition, names its place once")
  func placeOnce() async throws {
    let query = "query ($a: Boolean!) { node { ...f @include(if: $a) ...f } } fragment f on Node { fails }"
    let text = await (try Self.engine()).run(query, ["a": true])
    #expect(text.contains(#""locations":[{"line":1,"column":83}],"path":["node","fails"]"#), "\(text)")
  }
}

extension String {
  /// The parts between a separator, without Foundation.
  func components(separatedBy separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }

  fileprivate func prefix(upTo character: Character) -> Substring { prefix { $0 != character } }
}
