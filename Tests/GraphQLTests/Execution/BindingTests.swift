import GraphQL
import JSON
import Testing

@Suite("Binding resolvers to SDL")
struct BindingTests {
  enum Mood: String, CaseIterable, Sendable { case good = "GOOD", odd = "ODD" }

  @Test("every disagreement of resolvers and SDL is told at once, with its place in the SDL")
  func allMistakes() throws {
    let sdl = """
      type Query {
        count: Int!
        missing: Int
        names: [String!]!
        user: User
        mood: Mood
        when: Time
      }
      type User { id: ID!  name: String!  age: Int! }
      type Unbound { x: Int }
      type Other { user: User  node: Node }
      type Twin implements Node { id: ID! }
      type Twain implements Node { id: ID! }
      interface Node { id: ID! }
      enum Mood { GOOD BAD }
      scalar Time
      """
    let error = #expect(throws: BindingErrors.self) {
      _ = try Engine<Caller>(sdl) { resolvers in
        resolvers.query { root in
          root.rootSync("count") { _ in "seven" }
          root.rootSync("names") { _ -> [String?] in [] }
          root.rootSync("user") { _ -> Thing? in nil }
          root.rootSync("mood") { _ -> Mood? in nil }
          root.rootSync("mod") { _ in 1 }
          root.rootSync("when") { _ -> Double? in nil }
        }
        resolvers.mutation { $0.rootSync("change") { _ in 1 } }
        resolvers.object("User", Chat.User.self) { type in
          type.field("id") { $0.id }
          type.field("name") { _ in String?.none }
          type.field("age") { _ in [1] }
          type.field("age") { _ in 1 }
        }
        resolvers.object("Usr", Chat.User.self) { _ in }
        resolvers.object("Node", Chat.User.self) { _ in }
        resolvers.object("Other", Thing.self) { type in
          type.field("user") { _ in Chat.User?.none }
          type.field("node") { _ in Chat.User?.none }
        }
        resolvers.object("Twin", Chat.User.self) { $0.field("id") { $0.id } }
        resolvers.object("Twain", Chat.User.self) { $0.field("id") { $0.id } }
        resolvers.scalar("Tyme")
        resolvers.abstract("User") { _ in "User" }
      }
    }
    let messages = Set(try #require(error).problems.map(\.description))
    let expected: Set<String> = [
      #"Resolvers are bound to type "Usr", which the schema does not have. Did you mean "User"?"#,
      #"test.graphqls:14:11: Resolvers are bound to "Node", which is not an object type."#,
      #"test.graphqls:2:3: Field "Query.count" is "Int!", but its resolver returns String: "#
        + #"the scalar "Int" has other values."#,
      #"test.graphqls:4:3: Field "Query.names" is "[String!]!", but its resolver returns Array<Optional<String>>: "#
        + #"an optional cannot stand for "String!", which is never null."#,
      #"test.graphqls:5:3: Field "Query.user" is "User", but its resolver returns Optional<Thing>: "#
        + #"type "User" is bound to User."#,
      #"test.graphqls:6:3: Field "Query.mood" is "Mood", but its resolver returns Optional<Mood>: "#
        + #"Mood has ODD, the enum "Mood" has not."#,
      #"test.graphqls:1:6: A resolver is bound to "Query.mod", but the type has no such field. "#
        + #"Did you mean "mood"?"#,
      #"The schema has no mutation type for the resolvers of "change"."#,
      #"test.graphqls:9:22: Field "User.name" is "String!", but its resolver returns Optional<String>: "#
        + #"an optional cannot stand for "String!", which is never null."#,
      #"test.graphqls:9:37: Field "User.age" is "Int!", but its resolver returns Array<Int>: "#
        + #""Int" is not a list."#,
      #"test.graphqls:9:37: Field "User.age" has two resolvers."#,
      #"test.graphqls:3:3: Field "Query.missing" has no resolver."#,
      #"test.graphqls:10:6: Type "Unbound" is bound to no Swift type."#,
      #""Tyme" is not a custom scalar of the schema."#,
      #"test.graphqls:9:6: "User" is not an interface or union of the schema."#,
      #"test.graphqls:14:11: "Node" needs an abstract resolver: "Twin" and "Twain" are bound to one Swift type."#,
    ]
    #expect(messages == expected, "\(messages.symmetricDifference(expected).sorted().joined(separator: "\n"))")
  }

  @Test("Swift values of every kind answer for the SDL types they fit")
  func fitting() async throws {
    let sdl = """
      type Query { a: Float!  b: ID!  c: Mood!  d: Any!  e: Any  f: [[ID]!]  g: String!  h: Any!  i: Int! }
      enum Mood { GOOD ODD }
      scalar Any
      """
    let engine = try Engine<Caller>(sdl) { resolvers in
      resolvers.query { root in
        root.rootSync("a") { _ in 3 }
        root.rootSync("b") { _ in Int64(4) }
        root.rootSync("c") { _ in Mood.odd }
        root.rootSync("d") { _ in ["x": [1, true, 2.5]] as JSON }
        root.rootSync("e") { _ -> JSON in .null }
        root.rootSync("f") { _ in [["a"]] }
        root.rootSync("g") { _ in "\"\n" }
        root.rootSync("h") { _ in JSONObject([(key: "k", value: 1)]) }
        root.rootSync("i") { _ in Int32.min }
      }
    }
    #expect(
      await engine.run("{ a b c d e f g h i }")
        == #"{"data":{"a":3,"b":"4","c":"ODD","d":{"x":[1,true,2.5]},"e":null,"f":[["a"]],"g":"\"\n","h":{"k":1},"#
        + #""i":-2147483648}}"#)
  }
}
