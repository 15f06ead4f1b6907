import GraphQL
import JSON
import Testing

@Suite("Limits")
struct LimitTests {
  @Test(
    "each limit refuses what exceeds it, by a code of its own, before anything runs",
    arguments: [
      ("{ messages { mentions { user { name } } } }", "QUERY_TOO_DEEP"),
      ("{ messages { ...a } } fragment a on Message { mentions { user { name } } }", "QUERY_TOO_DEEP"),
      ("{ messages { a: id b: id c: id d: id } }", "TOO_MANY_ALIASES"),
      ("{ a: messages { id } b: messages { id } messages { id } }", "TOO_MANY_ROOT_FIELDS"),
      ("{ messages(first: 200) { id } }", "QUERY_TOO_COMPLEX"),
      ("query ($n: Int = 200) { messages(first: $n) { id } }", "QUERY_TOO_COMPLEX"),
      (
        "{ messages { id } messages { id } messages { id } messages { id } messages { id } messages { id } }",
        "QUERY_TOO_LARGE"
      ),
    ])
  func refused(query: String, code: String) async throws {
    var limits = EngineLimits.default
    limits.depth = 3
    limits.aliases = 3
    limits.rootFields = 2
    limits.planFields = 10
    limits.cost = 300
    let caller = Caller()
    let text = await (try Chat.engine(limits: limits)).run(query, as: caller)
    #expect(text.contains(#""code":"\#(code)""#), "\(text)")
    #expect(!text.contains(#""data""#))
  }

  @Test("cost follows the variables of each request, not those of the first")
  func costPerRequest() async throws {
    var limits = EngineLimits.default
    limits.cost = 100
    let engine = try Chat.engine(limits: limits)
    let query = "query ($n: Int, $more: Boolean!) { messages(first: $n) { id text @include(if: $more) } }"
    #expect(await engine.run(query, ["n": 2, "more": true]).hasPrefix(#"{"data""#))
    #expect(await engine.run(query, ["n": 40, "more": true]).contains("QUERY_TOO_COMPLEX"))
    #expect(await engine.run(query, ["n": 40, "more": false]).hasPrefix(#"{"data""#))
    #expect(await engine.run(query, ["n": -5, "more": false]).contains("Internal error") == false)
  }

  @Test("a document of too many bytes is not parsed, a list too long not shown")
  func sizes() async throws {
    var limits = EngineLimits.default
    limits.document.maxBytes = 60
    limits.listSize = 5
    let engine = try Chat.engine(limits: limits)
    #expect(
      await engine.run("{ messages { id } } #\(String(repeating: " ", count: 60))").contains("DOCUMENT_TOO_LARGE"))
    let text = await engine.run("{ messages(first: 6) { id } }")
    #expect(text.contains(#""code":"RESULT_TOO_LARGE""#))
    #expect(text.hasSuffix(#""data":null}"#))
  }

  @Test("fragments that multiply are stopped")
  func fragmentBomb() async throws {
    var query = "query ($a: Boolean!, $b: Boolean!) { messages { ...f0 } }"
    for level in 0..<30 {
      query += " fragment f\(level) on Message { ...f\(level + 1) @include(if: $a) ...f\(level + 1) @skip(if: $b) id }"
    }
    query += " fragment f30 on Message { text }"
    let text = await (try Chat.engine()).run(query, ["a": true, "b": false])
    #expect(text.contains(#""text":"text of 1""#) || text.contains("QUERY_TOO_LARGE"), "\(text.prefix(300))")
  }
}
