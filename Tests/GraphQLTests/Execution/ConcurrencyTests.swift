import GraphQL
import Synchronization
import Testing

@Suite("Fields that wait")
struct ConcurrencyTests {
  /// Runs jobs only when told to, on the thread that tells it.
  private final class HandCranked: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])

    func enqueue(_ job: UnownedJob) { jobs.withLock { $0.append(job) } }

    func drain() {
      while let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
        job.runSynchronously(on: asUnownedTaskExecutor())
      }
    }
  }

  /// Resolvers that wait here until the test lets them go.
  private final class Gate: Sendable {
    private let waiting = Mutex<[(name: String, continuation: CheckedContinuation<Void, Never>)]>([])

    var names: [String] { waiting.withLock { $0.map(\.name) } }

    func wait(_ name: String) async {
      await withCheckedContinuation { continuation in waiting.withLock { $0.append((name, continuation)) } }
    }

    func open() {
      let all = waiting.withLock { waiting in
        defer { waiting.removeAll() }
        return waiting
      }
      for (_, continuation) in all.reversed() { continuation.resume() }
    }
  }

  @Test("siblings of a level wait together, on the executor of their request, and answer in the order of the query")
  func siblings() throws {
    let gate = Gate()
    let engine = try Engine<Caller>("type Query { thing: Thing! } type Thing { a: Int!  b: Int!  c: Thing! }") {
      resolvers in
      resolvers.query { $0.rootSync("thing") { _ in Thing(number: 1) } }
      resolvers.object("Thing", Thing.self) { type in
        type.batch("a") { call async throws -> [Int] in
          await gate.wait("a")
          return call.parents.map(\.number)
        }
        type.batch("b") { call async throws -> [Int] in
          await gate.wait("b")
          return call.parents.map { $0.number + 1 }
        }
        type.field("c") { Thing(number: $0.number * 10) }
      }
    }
    let executor = HandCranked()
    let answer = Mutex("")
    Task(executorPreference: executor) {
      let text = await engine.run("{ thing { a b c { b a } } }")
      answer.withLock { $0 = text }
    }
    executor.drain()
    #expect(gate.names == ["a", "b"])
    gate.open()
    executor.drain()
    #expect(gate.names == ["b", "a"])
    gate.open()
    executor.drain()
    #expect(answer.withLock { $0 } == #"{"data":{"thing":{"a":1,"b":2,"c":{"b":11,"a":10}}}}"#)
  }
}
