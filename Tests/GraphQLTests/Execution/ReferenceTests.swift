import GraphQL
import JSON
import Testing

/// The same schema, data and queries as the reference implementation was given; see ``ReferenceResults``.
@Suite("The reference implementation")
struct ReferenceTests {
  struct Person: Sendable {
    let id: String
    var name: String
    let friends: [String?]?
    let appearsIn: [String]
    var height: Double?
    var function: String?
  }

  struct Human: Sendable { var person: Person }
  struct Droid: Sendable { let person: Person }
  struct Failing: Sendable {}

  private static let luke = Human(
    person: Person(
      id: "1", name: "Luke", friends: ["2", "3", nil], appearsIn: ["NEWHOPE", "JEDI"], height: 1.75))
  private static let r2d2 = Droid(
    person: Person(
      id: "2", name: "R2-D2", friends: ["1"], appearsIn: ["NEWHOPE", "EMPIRE", "JEDI"], function: "Astromech"))
  private static let han = Human(person: Person(id: "3", name: "Han", friends: nil, appearsIn: ["EMPIRE"]))

  private static func character(_ id: String?) -> (any Sendable)? {
    switch id {
    case "1": luke
    case "2": r2d2
    case "3": han
    default: nil
    }
  }

  private static func human(_ id: String) -> Human? { character(id) as? Human }

  private static func bindRoots(_ resolvers: Resolvers<Caller>) {
    resolvers.query { root in
      root.rootSync("hero") { call throws -> (any Sendable)? in
        let heroes = ["NEWHOPE": "1", "EMPIRE": "3", "JEDI": "2"]
        return character(try call.argument("episode", as: String?.self).flatMap { heroes[$0] })
      }
      root.rootSync("search") { call throws -> [any Sendable]? in
        let text = try call.argument("text", as: String.self)
        let all: [(any Sendable, String)] = [(luke, "Luke"), (r2d2, "R2-D2"), (han, "Han")]
        return all.filter { $0.1.contains(text) }.map(\.0)
      }
      root.root("human") { call async throws -> Human? in human(try call.argument("id", as: String.self)) }
      root.rootSync("echo") { call -> String? in JSON.object(call.arguments).text }
      root.rootSync("broken") { _ -> Failing? in Failing() }
      root.root("must") { _ async throws -> Failing in Failing() }
    }
    resolvers.mutation { root in
      root.root("rename") { call async throws -> Human in
        guard var human = human(try call.argument("id", as: String.self)) else { throw Broken() }
        human.person.name = try call.argument("name", as: String.self)
        return human
      }
      root.root("fail") { _ async throws -> Human in throw GraphQLFault("Cannot", code: "NO") }
    }
  }

  private static func bindTypes(_ resolvers: Resolvers<Caller>) {
    @Sendable func friends(_ person: Person) -> [(any Sendable)?]? { person.friends?.map(character) }
    resolvers.object("Human", Human.self) { type in
      type.field("id") { $0.person.id }
      type.field("name") { $0.person.name }
      type.field("friends") { friends($0.person) }
      type.field("appearsIn") { $0.person.appearsIn }
      type.field("height") { human, call throws -> Double? in
        let factor: Double = try call.argument("unit", as: String?.self) == "FOOT" ? 4 : 1
        return human.person.height.map { $0 * factor }
      }
    }
    resolvers.object("Droid", Droid.self) { type in
      type.field("id") { $0.person.id }
      type.field("name") { $0.person.name }
      type.field("friends") { friends($0.person) }
      type.field("appearsIn") { $0.person.appearsIn }
      type.field("function") { $0.person.function }
    }
    resolvers.object("Broken", Failing.self) { type in
      type.field("ok") { _ in 1 }
      type.batch("fails") { _ async throws -> [Int?] in throw GraphQLFault("No", code: "NO") }
      type.field("failsMust") { _, _ throws -> Int in throw GraphQLFault("No", code: "NO") }
      type.field("again") { _ in Failing() }
      type.batch("maybe") { call async throws -> [Failing?] in call.parents }
      type.field("big") { _ in 1 << 31 }
      type.field("wrong") { _ -> String? in "PHANTOM" }
      type.field("list") { _ -> [Int]? in [1, 1 << 40, 3] }
      type.field("nested") { _ in [[1], [2, 1 << 40]] }
      type.field("items") { _ -> [Failing]? in [Failing(), Failing()] }
    }
  }

  @Test("answers the same: data in the same order, errors with the same words, places and paths")
  func sameAnswers() async throws {
    let engine = try Engine<Caller>(ReferenceResults.sdl) { resolvers in
      Self.bindRoots(resolvers)
      Self.bindTypes(resolvers)
    }
    let cases = try #require(try JSON.parse(ReferenceResults.json).array)
    #expect(cases.count > 30)
    for example in cases {
      let query = try #require(example["query"]?.string)
      let ours = try JSON.parse(await engine.run(query, example["variables"]?.object ?? [:]))
      let theirs = try #require(example["result"])
      #expect(ours["data", or: .null].text == theirs["data", or: .null].text, "\(query)")
      #expect(Self.comparable(ours) == Self.comparable(theirs), "\(query)")
    }
  }

  /// The errors without our codes, in the words of neither JavaScript nor Python.
  private static func comparable(_ result: JSON) -> [String] {
    (result["errors"]?.array ?? []).map { error in
      let words = (error["message"]?.string ?? "")
        .replacing("\"", with: "'").replacing("None", with: "null").replacing("a mapping", with: "an object")
      return "\(words) \(error["locations", or: .null]) \(error["path", or: .null])"
    }
  }
}

extension JSON {
  fileprivate subscript(key: String, or other: JSON) -> JSON { self[key] ?? other }
}
