import GraphQL
import JSON
import Testing

@Suite struct SchemaTests {
  @Test("extensions in any order and file become one type")
  func extensions() throws {
    let schema = try Schema.build([
      Source(name: "b.graphqls", text: "extend type Query { user: User } extend union Any = User"),
      Source(
        name: "a.graphqls",
        text: "type Query { a: Int } type User implements Node { id: ID! } interface Node { id: ID! }"),
      Source(name: "c.graphqls", text: "union Any = Query  extend schema @tag directive @tag on SCHEMA"),
    ])
    #expect(schema.queryType.fields.names == ["a", "user"])
    #expect(try schema.possibleTypes(of: #require(schema.type("Any"))) == ["Query", "User"])
    #expect(try schema.possibleTypes(of: #require(schema.type("Node"))) == ["User"])
    #expect(schema.isSubtype(.nonNull(.list(.named("User"))), of: .list(.named("Node"))))
    #expect(!schema.isSubtype(.list(.named("Node")), of: .list(.named("User"))))
    #expect(schema.type("User")?.origin.source.name == "a.graphqls")
  }

  @Test("defaults are coerced to their types, with the defaults of the objects in them")
  func defaults() throws {
    let schema = try Schema.build([
      Source(
        text: """
          type Query { a(f: Float = 1, l: [E!] = A, i: In = {x: 2}, n: Int = null, id: ID = 5): Int }
          input In { x: Int y: Deep = {} }
          input Deep { z: [In2] = {} }
          input In2 { e: E = B }
          enum E { A B }
          """)
    ])
    let arguments = try #require(schema.queryType.fields["a"]?.arguments)
    #expect(arguments["f"]?.defaultValue == 1.0)
    #expect(arguments["l"]?.defaultValue == ["A"])
    #expect(arguments["i"]?.defaultValue == ["x": 2, "y": ["z": [["e": "B"]]]])
    #expect(arguments["n"]?.defaultValue == .null)
    #expect(arguments["id"]?.defaultValue == "5")
  }

  @Test("all mistakes of a schema are told at once, each with its place")
  func mistakes() {
    let text = """
      type Query { a: Foo b(x: Usr): Int __c: Int }
      type User implements Node & Nope { name(a: Int!): Int deleted: Int @deprecatd }
      interface Node { id: ID! name: String }
      union Any = User | Level | User
      enum Level { A A }
      input In { a: In! b: Int = "x" c: User d: Int! @deprecated }
      input One @oneOf { a: Int! b: Int = 1 }
      type Empty
      scalar Time @specifiedBy
      type User { x: Int }
      extend type Usr { x: Int }
      """
    let first = problems(
      "type Query { a: Int } type User { x: Int } type User { y: Int } extend type Usr { x: Int } extend enum User { A }"
    )
    #expect(
      first == [
        #"s.graphqls:1:49: There can be only one type named "User"."#,
        #"s.graphqls:1:77: Cannot extend type "Usr" because it is not defined. Did you mean "User"?"#,
        #"s.graphqls:1:92: Cannot extend non-enum type "User"."#,
      ])
    let found = problems(text.split(separator: "\n").dropLast(2).joined(separator: "\n"))
    #expect(
      found == [
        #"s.graphqls:1:17: Unknown type "Foo"."#,
        #"s.graphqls:1:26: Unknown type "Usr". Did you mean "User"?"#,
        #"s.graphqls:1:36: Name "__c" must not begin with "__", which is reserved by GraphQL introspection."#,
        #"s.graphqls:2:68: Unknown directive "@deprecatd"."#,
        "s.graphqls:2:6: Interface field Node.id expected but User does not provide it.",
        "s.graphqls:2:36: Interface field Node.name expects type String but User.name is type Int.",
        "s.graphqls:2:41: Object field User.name includes required argument a that is missing from "
          + "the Interface field Node.name.",
        #"s.graphqls:2:29: Unknown type "Nope". Did you mean "Node" or "One"?"#,
        "s.graphqls:4:20: Union type Any can only include Object types, it cannot include Level.",
        "s.graphqls:4:28: Union type Any can only include type User once.",
        #"s.graphqls:5:16: Enum value "Level.A" can only be defined once."#,
        #"s.graphqls:6:28: In.b has invalid default value: Expected value of type "Int", found "x"."#,
        "s.graphqls:6:35: The type of In.c must be Input Type but got: User.",
        "s.graphqls:6:43: Required input field In.d cannot be deprecated.",
        "s.graphqls:7:23: OneOf input field One.a must be nullable.",
        "s.graphqls:7:28: OneOf input field One.b cannot have a default value.",
        "s.graphqls:8:6: Type Empty must define one or more fields.",
        #"s.graphqls:9:13: Directive "@specifiedBy" argument "url" of type "String!" is required, "#
          + "but it was not provided.",
        #"s.graphqls:6:12: Cannot reference Input Object "In" within itself through a series of non-null fields: "a"."#,
      ])
    #expect(
      problems("type Query { a(r: R = {y: 1}): Int } input R { x: Int }")
        == [#"s.graphqls:1:23: Query.a(r:) has invalid default value: Expected value of type "R", found {y: 1}."#])
    #expect(
      problems("type Query { a(b: B = {}): Int } input A { a: A = {} } input B { c: C = {} } input C { b: [B] = {} }")
        == [
          "s.graphqls:1:44: Invalid circular reference. "
            + "The default value of Input Object field A.a references itself.",
          "s.graphqls:1:66: Invalid circular reference. "
            + "The default value of Input Object field B.c references itself via the default values of: C.b.",
        ])
    #expect(problems("type A { a: Int }") == ["Query root type must be provided."])
    #expect(
      problems("schema { query: A } input A { a: Int }")
        == ["s.graphqls:1:17: Query root type must be Object type, it cannot be A."])
    #expect(
      problems("type Query { a: Int }\ntype B {") == ["s.graphqls:2:9: Syntax Error: Expected Name, found <EOF>."])
    #expect(
      problems("type Query { a: Int } { a }")
        == ["s.graphqls:1:23: The anonymous operation definition is not allowed in a schema."])
  }

  @Test("a schema prints as SDL that builds the same schema")
  func printing() throws {
    let text = """
      "The schema."
      schema { query: Root }
      "A type."
      type Root implements Node & Other {
        id: ID!
        "With arguments."
        a("One." x: Int = 1, y: [String!] = ["a"]): [Root!]! @deprecated
        b: Time @deprecated(reason: "Use \\"a\\".")
      }
      interface Node { id: ID! }
      interface Other implements Node { id: ID! }
      union Any = Root
      "  An indented\\n  text."
      enum E { "The first." A B @deprecated }
      input In @oneOf { a: Int b: String }
      scalar Time @specifiedBy(url: "https://example.org")
      directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT
      """
    let sdl = try Schema.build([Source(text: text)]).sdl
    let again = try Schema.build([Source(text: sdl)])
    #expect(again.sdl == sdl)
    #expect(again.type("E")?.description == "  An indented\n  text.")
    #expect(sdl.contains("input In @oneOf {\n  a: Int\n  b: String\n}"))
    #expect(
      sdl.hasPrefix("\"\"\"The schema.\"\"\"\nschema {\n  query: Root\n}\n\ndirective @tag(name: String!) repeatable"))
    #expect(!sdl.contains("__Type") && !sdl.contains("scalar Int"))
  }

  private func problems(_ text: String) -> [String] {
    do throws(SchemaErrors) {
      _ = try Schema.build([Source(name: "s.graphqls", text: text)])
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }
}
