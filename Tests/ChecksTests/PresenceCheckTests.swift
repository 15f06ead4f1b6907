import Checks
import History
import JSON
import Testing

@Suite("Presence converges")
struct PresenceCheckTests {
  private static func snapshot(_ users: [String] = []) -> JSON {
    ["presence": ["kind": "SNAPSHOT", "present": .array(users.map { ["user": ["id": .string($0)]] })]]
  }

  private static func change(_ kind: String, _ user: String) -> JSON {
    ["presence": ["kind": .string(kind), "user": ["id": .string(user)]]]
  }

  /// Grace watches a page that ada enters; she is told when `joined`.
  private func story(joined: Bool = true, _ rest: (inout HistoryBuilder, Int) -> Void) throws -> CheckResult {
    var builder = HistoryBuilder()
    builder.logIn("ada")
    builder.logIn("grace")
    let watch = builder.subscribe("grace", "presence", ["page": "p"])
    builder.event("grace", watch, Self.snapshot())
    builder.operate("ada", "enter", data: ["enter": ["page": "p"]])
    if joined { builder.event("grace", watch, Self.change("JOINED", "ada")) }
    rest(&builder, watch)
    builder.fence("grace")
    return try #require(judge(builder, "presence-converges"))
  }

  @Test("somebody who is there and is seen is right")
  func present() throws {
    let result = try story { _, _ in }
    #expect(result.findings.isEmpty)
    #expect(result.examined == 3)
  }

  @Test("a lost arrival is found")
  func lostArrival() throws {
    let result = try story(joined: false) { _, _ in }
    #expect(result.findings.map(\.message) == ["grace does not see ada on page \"p\", who is there"])
  }

  @Test(
    "a ghost after a leave, and after the end of a connection that was long ago, is found", arguments: [true, false])
  func ghost(leaves: Bool) throws {
    let result = try story { builder, _ in
      if leaves {
        builder.operate("ada", "leave", data: ["leave": ["page": "p"]])
      } else {
        builder.add("ada", .closed(code: 1000, reason: "", initiated: true))
        builder.wait(1500)
      }
    }
    #expect(result.findings.map(\.message) == ["grace still sees ada on page \"p\", who is not there"])
  }

  @Test(
    "just after the end of a connection, and of somebody silent, nobody can say", arguments: [true, false], [0, 1])
  func uncertain(closes: Bool, told: Int) throws {
    let result = try story { builder, watch in
      if closes {
        builder.add("ada", .closed(code: 1000, reason: "", initiated: true))
      } else {
        builder.add("ada", .silenced)
        builder.wait(60_000)
      }
      if told == 1 { builder.event("grace", watch, Self.change("LEFT", "ada")) }
    }
    #expect(result.findings.isEmpty)
  }

  @Test("somebody with a second device stays")
  func secondDevice() throws {
    let result = try story { builder, _ in
      builder.logIn("ada-phone", user: "ada")
      builder.operate("ada-phone", "enter", data: ["enter": ["page": "p"]])
      builder.operate("ada", "leave", data: ["leave": ["page": "p"]])
    }
    #expect(result.findings.isEmpty)
    #expect(result.examined == 3)
  }

  @Test("joining twice and leaving without having been there are found")
  func contradictions() throws {
    let result = try story { builder, watch in
      builder.event("grace", watch, Self.change("JOINED", "ada"))
      builder.event("grace", watch, Self.change("LEFT", "grace"))
    }
    #expect(result.violations == 2)
  }
}
