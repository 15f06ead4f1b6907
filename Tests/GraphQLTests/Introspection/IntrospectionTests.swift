import GraphQL
import GraphQLTesting
import JSON
import Testing

@Suite struct IntrospectionTests {
  static let sdl = """
    "About it."
    schema { query: Query }
    "Asks."
    type Query implements Node { id: ID! old(x: [Int!]! = [1, 2], gone: Int @deprecated): In2 @deprecated(reason: "no") }
    scalar In2 @specifiedBy(url: "https://example.org/in2")
    interface Node { id: ID! }
    enum Level { LOW HIGH @deprecated }
    input Choice @oneOf { a: Int b: Level }
    input Pick { b: Level = LOW }
    type Holder { level(choice: Choice): Level node: Node }
    extend type Query { holder: Holder }
    """

  static func ask(_ query: String) async throws -> JSON {
    let resolvers = Resolvers<Int>()
    resolvers.query { root in
      root.rootSync("id") { _ in "q" }
      root.rootSync("old") { _ -> JSON? in nil }
      root.rootSync("holder") { _ -> Holder? in nil }
    }
    resolvers.object("Holder", Holder.self) { type in
      type.field("level") { _ -> String? in nil }
      type.field("node") { _ -> Holder? in nil }
    }
    let schema = try Schema.build([Source(text: Self.sdl)])
    let engine = try Engine(schema: schema, resolvers: resolvers)
    switch engine.prepare(GraphQLRequest(query: query)) {
    case .success(let operation): return try JSON.parse(await engine.execute(operation, context: 0).bytes)
    case .failure(let result): return try JSON.parse(result.bytes)
    }
  }

  private struct Holder: Sendable {}

  @Test("types tell their kinds, fields, arguments, defaults and deprecations")
  func types() async throws {
    let answer = try await Self.ask(
      """
      {
        query: __type(name: "Query") {
          kind name description interfaces { name } isOneOf
          fields { name }
          all: fields(includeDeprecated: true) {
            name isDeprecated deprecationReason
            args { name defaultValue type { kind ofType { kind ofType { kind ofType { kind name } } } } }
            every: args(includeDeprecated: true) { name isDeprecated }
          }
        }
        node: __type(name: "Node") { kind possibleTypes { name } }
        level: __type(name: "Level") { kind enumValues { name } all: enumValues(includeDeprecated: true) { name } }
        choice: __type(name: "Choice") { kind isOneOf inputFields { name defaultValue } }
        pick: __type(name: "Pick") { isOneOf inputFields { defaultValue } }
        scalar: __type(name: "In2") { kind specifiedByURL fields { name } }
        none: __type(name: "None") { name }
      }
      """)
    let expected = try JSON.parse(
      """
      {"data": {
        "query": {"kind": "OBJECT", "name": "Query", "description": "Asks.", "interfaces": [{"name": "Node"}],
          "isOneOf": null, "fields": [{"name": "id"}, {"name": "holder"}],
          "all": [
            {"name": "id", "isDeprecated": false, "deprecationReason": null, "args": [], "every": []},
            {"name": "old", "isDeprecated": true, "deprecationReason": "no", "args": [
              {"name": "x", "defaultValue": "[1, 2]", "type": {"kind": "NON_NULL", "ofType": {"kind": "LIST",
                "ofType": {"kind": "NON_NULL", "ofType": {"kind": "SCALAR", "name": "Int"}}}}}],
              "every": [{"name": "x", "isDeprecated": false}, {"name": "gone", "isDeprecated": true}]},
            {"name": "holder", "isDeprecated": false, "deprecationReason": null, "args": [], "every": []}]},
        "node": {"kind": "INTERFACE", "possibleTypes": [{"name": "Query"}]},
        "level": {"kind": "ENUM", "enumValues": [{"name": "LOW"}], "all": [{"name": "LOW"}, {"name": "HIGH"}]},
        "choice": {"kind": "INPUT_OBJECT", "isOneOf": true,
          "inputFields": [{"name": "a", "defaultValue": null}, {"name": "b", "defaultValue": null}]},
        "pick": {"isOneOf": false, "inputFields": [{"defaultValue": "LOW"}]},
        "scalar": {"kind": "SCALAR", "specifiedByURL": "https://example.org/in2", "fields": null},
        "none": null
      }}
      """)
    #expect(answer == expected, "\(answer)")
  }

  @Test("the query that clients send to load a schema is answered in full")
  func clientQuery() async throws {
    let answer = try await Self.ask(IntrospectionQuery.text)
    #expect(answer["errors"] == nil)
    let schema = try #require(answer["data"]?["__schema"])
    #expect(schema["description"] == "About it.")
    #expect(schema["mutationType"] == .null)
    let names = try #require(schema["types"]?.array).compactMap { $0["name"]?.string }
    let standard = ["Int", "String", "Boolean", "ID", "__Schema", "__Type", "__TypeKind", "__Field"]
    #expect(Set(names).isSuperset(of: standard + ["Query", "Node", "Level", "Choice", "Holder", "In2"]))
    // Built-in scalars that nothing refers to "must not be included" (3.5).
    #expect(!names.contains("Float"))
    let directives = try #require(schema["directives"]?.array).compactMap { $0["name"]?.string }
    #expect(directives == ["include", "skip", "deprecated", "specifiedBy", "oneOf"])
  }
}
