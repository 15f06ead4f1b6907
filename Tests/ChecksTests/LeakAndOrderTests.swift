import Checks
import History
import JSON
import Testing

@Suite("Order, leaks and internal errors")
struct LeakAndOrderTests {
  private let secret = "0198c0de-1111-7000-8000-000000000001"

  @Test("a number that descends within a thread is found; other threads do not matter")
  func order() throws {
    var builder = HistoryBuilder()
    builder.logIn("grace")
    let subscription = builder.subscribe("grace", "added", ["thread": "t"])
    builder.event("grace", subscription, added("m2", sequence: 2))
    builder.event("grace", subscription, added("x1", thread: "u", sequence: 1))
    builder.event("grace", subscription, added("m1", sequence: 1))
    let result = try #require(judge(builder, "order-per-thread"))
    #expect(result.examined == 3)
    #expect(result.findings.map(\.events) == [[4, 6]])
  }

  @Test("an identifier that two organizations were shown is found, whoever saw it first", arguments: [true, false])
  func leak(strangerFirst: Bool) throws {
    var builder = HistoryBuilder()
    builder.logIn("ada")
    builder.logIn("eve", organization: "globex")
    let subscription = builder.subscribe("eve", "added", ["thread": "t"])
    let id = builder.invoke("ada", "send")
    if strangerFirst { builder.event("eve", subscription, added(secret)) }
    builder.add("ada", .ok(id: id, data: sent(secret)))
    if !strangerFirst { builder.event("eve", subscription, added(secret)) }
    let result = try #require(judge(builder, "no-leak-across-organizations"))
    #expect(result.violations == 1)
    #expect(result.findings.first?.message == "eve of globex was shown \(secret), which belongs to acme")
  }

  @Test("asking with a stranger's identifier is no leak, nor is a constant")
  func noLeak() throws {
    var builder = HistoryBuilder()
    builder.logIn("ada")
    builder.logIn("eve", organization: "globex")
    let nilID = "00000000-0000-0000-0000-000000000000"
    builder.operate("ada", "send", data: ["send": ["id": .string(secret), "zero": .string(nilID)]])
    builder.operate("eve", "thread", ["id": .string(secret)], data: ["thread": nil, "zero": .string(nilID)])
    let result = try #require(judge(builder, "no-leak-across-organizations"))
    #expect(result.findings.isEmpty)
    #expect(result.examined == 1)
  }

  @Test("a server's own failure is found, a refusal is not")
  func internalErrors() throws {
    var builder = HistoryBuilder()
    builder.logIn("ada")
    for code in ["NOT_FOUND", "INTERNAL"] {
      let id = builder.invoke("ada", "send")
      builder.add("ada", .fail(id: id, errors: [["message": "no", "extensions": ["code": .string(code)]]]))
    }
    let result = try #require(judge(builder, "no-internal-errors"))
    #expect(result.examined == 2)
    #expect(result.violations == 1)
  }
}
