import GraphQL
import JSON
import Testing

@Suite("Execution, level by level")
struct BatchingTests {
  @Test("the response stands in the order of the query")
  func response() async throws {
    let engine = try Chat.engine()
    let text = await engine.run("{ messages { text id author { name } mentions { user { id } } } }")
    #expect(
      text == #"{"data":{"messages":[{"text":"text of 0","id":"0","author":{"name":"user 0"},"mentions":[]},"#
        + #"{"text":"text of 1","id":"1","author":{"name":"user 1"},"mentions":[{"user":{"id":"0"}}]},"#
        + #"{"text":"text of 2","id":"2","author":null,"mentions":[{"user":{"id":"0"}},{"user":{"id":"1"}}]}]}}"#)
  }

  @Test("a resolver is called once for each field and level, however wide", arguments: [1, 10, 500])
  func oneCall(width: Int) async throws {
    let engine = try Chat.engine()
    let caller = Caller()
    _ = await engine.run(
      "query ($n: Int) { messages(first: $n) { author { name } mentions { user { name } } } }",
      ["n": .int(Int64(width))], as: caller)
    let mentions = width == 1 ? 0 : 1 + 2 * (width - 2)
    let expected = ["author(\(width))", "mentions(\(width))"] + (mentions > 0 ? ["user(\(mentions))"] : [])
    #expect(caller.log.calls.sorted() == expected)
  }

  @Test("a resolver that answers for the wrong number of parents fails all of them, and clients see no details")
  func wrongCount() async throws {
    let log = CallLog()
    let engine = try Engine<Caller>(
      "type Query { things: [Thing!]! } type Thing { name: String }",
      onInternalError: { error, field in log.note("\(field): \(error)") }
    ) { resolvers in
      resolvers.query { $0.rootSync("things") { _ in [1, 2].map { Thing(number: $0) } } }
      resolvers.object("Thing", Thing.self) { type in
        type.batch("name") { _ async throws -> [String?] in ["only one"] }
      }
    }
    let text = await engine.run("{ things { name } }")
    #expect(
      text == #"{"errors":[{"message":"Internal error","locations":[{"line":1,"column":12}],"#
        + #""path":["things",0,"name"],"extensions":{"code":"INTERNAL"}},"#
        + #"{"message":"Internal error","locations":[{"line":1,"column":12}],"#
        + #""path":["things",1,"name"],"extensions":{"code":"INTERNAL"}}],"#
        + #""data":{"things":[{"name":null},{"name":null}]}}"#)
    #expect(log.calls == ["Thing.name: The resolver of Thing.name returned 1 values for 2 parents"])
  }

  @Test("an error for one parent leaves the others their values, and a fault is shown as it is")
  func errorsPerParent() async throws {
    let engine = try Engine<Caller>("type Query { things: [Thing!]! } type Thing { name: String  size: Int }") {
      resolvers in
      resolvers.query { $0.rootSync("things") { _ in [1, 2].map { Thing(number: $0) } } }
      resolvers.object("Thing", Thing.self) { type in
        type.batchResults("name") { call async throws -> [Result<String?, any Error>] in
          call.parents.map { thing in
            thing.number == 1
              ? .failure(GraphQLFault("Not yours", code: "FORBIDDEN", extensions: ["owner": 7])) : .success("two")
          }
        }
        type.field("size") { thing, _ throws -> Int? in
          if thing.number == 2 { throw Broken() }
          return nil
        }
      }
    }
    let text = await engine.run("{ things { name size } }")
    #expect(
      text == #"{"errors":[{"message":"Not yours","locations":[{"line":1,"column":12}],"path":["things",0,"name"],"#
        + #""extensions":{"owner":7,"code":"FORBIDDEN"}},"#
        + #"{"message":"Internal error","locations":[{"line":1,"column":17}],"path":["things",1,"size"],"#
        + #""extensions":{"code":"INTERNAL"}}],"data":{"things":[{"name":null,"size":null},{"name":"two","size":null}]}}"#
    )
  }

  @Test("root fields of a mutation run one after the other, each with all that lies under it")
  func serialMutations() async throws {
    let sdl = """
      type Query { none: Int }
      type Mutation { step(n: Int!): Step! }
      type Step { n: Int!  slow: Int! }
      """
    let engine = try Engine<Caller>(sdl) { resolvers in
      resolvers.query { $0.rootSync("none") { _ in Int?.none } }
      resolvers.mutation { root in
        root.root("step") { call async throws -> Thing in
          let number = try call.argument("n", as: Int.self)
          call.context.log.note("step \(number)")
          return Thing(number: number)
        }
      }
      resolvers.object("Step", Thing.self) { type in
        type.field("n") { $0.number }
        type.batch("slow") { call async throws -> [Int] in
          call.parents.map { thing in
            call.context.log.note("slow \(thing.number)")
            return thing.number * 10
          }
        }
      }
    }
    let caller = Caller()
    let text = await engine.run("mutation { a: step(n: 1) { n slow } b: step(n: 2) { slow } }", as: caller)
    #expect(text == #"{"data":{"a":{"n":1,"slow":10},"b":{"slow":20}}}"#)
    #expect(caller.log.calls == ["step 1", "slow 1", "step 2", "slow 2"])
  }

  @Test("lists of lists, of nulls and of nothing keep their shape")
  func nestedLists() async throws {
    let engine = try Engine<Caller>(
      "type Query { grid: [[Thing]!]!  numbers: [[Int]]  none: [Int!] } type Thing { number: Float! }"
    ) { resolvers in
      resolvers.query { root in
        root.rootSync("grid") { _ -> [[Thing?]] in [[Thing(number: 1), nil], [], [Thing(number: 2)]] }
        root.rootSync("numbers") { _ -> [[Int?]?] in [[1, nil], nil, []] }
        root.rootSync("none") { _ -> [Int]? in nil }
      }
      resolvers.object("Thing", Thing.self) { $0.field("number") { $0.number } }
    }
    #expect(
      await engine.run("{ grid { number } numbers none }")
        == #"{"data":{"grid":[[{"number":1},null],[],[{"number":2}]],"numbers":[[1,null],null,[]],"none":null}}"#)
  }
}

struct Thing: Sendable {
  let number: Int
}
