import GraphQL
import Testing

@Suite("Interfaces and unions")
struct AbstractTests {
  struct Cat: Sendable { let lives: Int }
  struct Dog: Sendable { let name: String }

  private static let sdl = """
    type Query { pets: [Pet]  named: [Named!]!  odd: Pet }
    interface Named { name: String! }
    type Cat { lives: Int! }
    type Dog implements Named { name: String!  friend: Pet }
    union Pet = Cat | Dog
    """

  private static func engine(_ more: (Resolvers<Caller>) -> Void = { _ in }) throws -> Engine<Caller> {
    try Engine(sdl) { resolvers in
      resolvers.query { root in
        root.rootSync("pets") { _ -> [(any Sendable)?]? in [Dog(name: "a"), Cat(lives: 9), nil, Dog(name: "b")] }
        root.rootSync("named") { _ in [Dog(name: "c")] }
        root.rootSync("odd") { _ -> (any Sendable)? in Broken() }
      }
      resolvers.object("Cat", Cat.self) { $0.field("lives") { $0.lives } }
      resolvers.object("Dog", Dog.self) { type in
        type.batch("name") { call async throws -> [String] in
          call.context.log.note("name(\(call.parents.count))")
          return call.parents.map(\.name)
        }
        type.field("friend") { dog -> (any Sendable)? in dog.name == "a" ? Cat(lives: 1) : nil }
      }
      more(resolvers)
    }
  }

  @Test("each value's fields are those of its type, resolved together for all of that type")
  func byType() async throws {
    let caller = Caller()
    let text = await (try Self.engine()).run(
      "{ pets { __typename ... on Named { name } ... on Dog { friend { ... on Cat { lives } } } ... on Cat { lives } } }",
      as: caller)
    #expect(
      text == #"{"data":{"pets":[{"__typename":"Dog","name":"a","friend":{"lives":1}},{"__typename":"Cat","lives":9},"#
        + #"null,{"__typename":"Dog","name":"b","friend":null}]}}"#)
    #expect(caller.log.calls == ["name(2)"])
  }

  @Test("an interface's values may be of one object's Swift type")
  func concreteValues() async throws {
    #expect(await (try Self.engine()).run("{ named { name } }") == #"{"data":{"named":[{"name":"c"}]}}"#)
  }

  @Test("a value of no possible type is an internal error")
  func unknownType() async throws {
    let text = await (try Self.engine()).run("{ odd { __typename } }")
    #expect(text.contains(#""path":["odd"],"extensions":{"code":"INTERNAL"}"#))
    #expect(text.hasSuffix(#""data":{"odd":null}}"#))
  }

  enum Pet: Sendable {
    case cat(Cat)
    case dog(Dog)
    case lie(Cat)
  }

  @Test("an enum can stand for a union")
  func enumForUnion() async throws {
    let engine = try Engine<Caller>(
      "type Query { pets: [Pet] } union Pet = A | B type A { x: Int! } type B { y: String! }"
    ) { resolvers in
      resolvers.query { root in
        root.rootSync("pets") { _ -> [Pet?]? in [.dog(Dog(name: "d")), .cat(Cat(lives: 2)), .lie(Cat(lives: 3))] }
      }
      resolvers.object("A", Cat.self) { $0.field("x") { $0.lives } }
      resolvers.object("B", Dog.self) { $0.field("y") { $0.name } }
      resolvers.abstract("Pet", Pet.self) { pet in
        switch pet {
        case .cat(let cat): TypedObject("A", cat)
        case .dog(let dog): TypedObject("B", dog)
        case .lie(let cat): TypedObject("C", cat)
        }
      }
    }
    let text = await engine.run("{ pets { ... on A { x } ... on B { y } } }")
    #expect(text.contains(#""path":["pets",2]"#))
    #expect(text.hasSuffix(#""data":{"pets":[{"y":"d"},{"x":2},null]}}"#))
  }
}
