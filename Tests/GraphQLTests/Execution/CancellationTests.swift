import GraphQL
import JSON
import Synchronization
import Testing
import World

@Suite("Ends before the end")
struct CancellationTests {
  /// Whoever sleeps wakes at once, at the time he wished to.
  private final class ImpatientClock: WorldClock {
    private let time = Mutex(Instant(nanoseconds: 0))

    var now: Instant { time.withLock { $0 } }
    var wall: WallTime { WallTime(milliseconds: 0) }
    func sleep(until deadline: Instant) async throws { time.withLock { $0 = max($0, deadline) } }
  }

  /// Returns when its task is cancelled.
  private static func waitForCancellation() async throws -> Int {
    let (stream, _) = AsyncStream.makeStream(of: Void.self)
    for await _ in stream {}
    try Task.checkCancellation()
    return 1
  }

  @Test("an operation out of time cancels its resolvers and says so, with what it has")
  func timeOut() async throws {
    var limits = EngineLimits.default
    limits.time = .seconds(5)
    let resolvers = Resolvers<Caller>()
    resolvers.query { root in
      root.root("slow") { _ async throws -> Int? in try await Self.waitForCancellation() }
      root.rootSync("quick") { _ in 1 }
    }
    let schema = try Schema.build([Source(text: "type Query { slow: Int  quick: Int! }")])
    let engine = try Engine(schema: schema, resolvers: resolvers, limits: limits, clock: ImpatientClock())
    #expect(
      await engine.run("{ quick slow }")
        == #"{"errors":[{"message":"The operation took longer than 5.0 seconds.","locations":[{"line":1,"column":9}],"#
        + #""path":["slow"],"extensions":{"code":"TIMEOUT"}}],"data":{"quick":1,"slow":null}}"#)
  }

  @Test("a cancelled mutation starts no further root field")
  func cancelledMutation() async throws {
    let engine = try Engine<Caller>("type Query { a: Int } type Mutation { do(n: Int!): Int }") { resolvers in
      resolvers.query { $0.rootSync("a") { _ in Int?.none } }
      resolvers.mutation { root in
        root.root("do") { call async throws -> Int? in
          let number = try call.argument("n", as: Int.self)
          call.context.log.note("\(number)")
          if number == 2 { withUnsafeCurrentTask { $0?.cancel() } }
          return number
        }
      }
    }
    let caller = Caller()
    let text = await Task {
      await engine.run("mutation { a: do(n: 1) b: do(n: 2) c: do(n: 3) }", as: caller)
    }.value
    #expect(caller.log.calls == ["1", "2"])
    #expect(text.contains(#""path":["c"],"extensions":{"code":"CANCELLED"}"#))
    #expect(text.hasSuffix(#""data":{"a":1,"b":2,"c":null}}"#))
  }

  @Test("resolvers see the schema's own directives with their coerced arguments")
  func directives() async throws {
    let sdl = """
      directive @unit(name: String! = "m", factor: Int) repeatable on FIELD
      type Query { length: String! }
      """
    let engine = try Engine<Caller>(sdl) { resolvers in
      resolvers.query { root in
        root.rootSync("length") { call -> String in
          call.directives.map { "\($0.name)\(JSON.object($0.arguments))" }.joined(separator: " ")
        }
      }
    }
    #expect(
      await engine.run("query ($f: Int) { length @skip(if: false) @unit @unit(factor: $f) }", ["f": 3])
        == #"{"data":{"length":"unit{\"name\":\"m\"} unit{\"name\":\"m\",\"factor\":3}"}}"#)
  }
}
