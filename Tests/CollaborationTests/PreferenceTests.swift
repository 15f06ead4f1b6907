import JSON
import Testing

@Suite("Notification preferences") struct PreferenceTests {
  @Test("who wants no notifications of a kind gets none of it, and all others; and can have them again")
  func refused() async throws {
    let server = try await TestServer()
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, _) = try await ada.makeThread()
    func set(_ delivery: String) async throws {
      let data = try await grace.run(
        """
        mutation { setNotificationPreference(input: {kind: MENTION, delivery: \(delivery)}) {
          preference { kind delivery } userErrors { code } } }
        """)
      #expect(data["setNotificationPreference"]?["preference"] == ["kind": "MENTION", "delivery": .string(delivery)])
    }
    func kinds() async throws -> [JSON?] {
      let data = try await grace.run("{ viewer { notifications { nodes { kind } } } }")
      return (data["viewer"]?["notifications"]?["nodes"]?.array ?? []).map { $0["kind"] }
    }
    let mention: JSON = [["mention": .string(grace.id)]]
    try await set("NONE")
    try await ada.send(mention, to: thread)
    #expect(try await kinds() == [])
    _ = try await grace.run(
      "mutation($id: ID!) { subscribeToThread(input: {threadId: $id}) { userErrors { code } } }",
      ["id": .string(thread)])
    try await ada.send([["text": "there"]], to: thread)
    #expect(try await kinds() == ["REPLY"])
    try await set("INBOX")
    try await ada.send(mention, to: thread)
    #expect(try await kinds() == ["MENTION", "REPLY"])
    let all = try await grace.run("{ viewer { notificationPreferences { kind delivery } } }")
    #expect(
      all["viewer"]?["notificationPreferences"]?.array?.contains {
        ($0["delivery"] == "INBOX") != ($0["kind"] == "MENTION")
      } == false)
    await server.stop()
  }
}
