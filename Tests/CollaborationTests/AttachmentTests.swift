import Collaboration
import Cryptography
import Database
import Glibc
import GraphQL
import JSON
import Testing

@Suite("Attachments") struct AttachmentTests {
  static let create = """
    mutation($name: String!, $type: String!, $data: String) {
      createAttachment(input: {name: $name, contentType: $type, data: $data}) {
        attachment { id size digest path } userErrors { code field } } }
    """
  static let send = """
    mutation($thread: ID!, $files: [ID!]) {
      sendMessage(input: {threadId: $thread, content: [{text: "see"}], attachmentIds: $files}) {
        message { id attachments { id name data uploadedBy { name } } } userErrors { code field } } }
    """
  static let find = "query($id: ID!) { attachment(id: $id) { name data } }"

  static func bring(
    _ text: String?, by person: Person, type: String = "text/plain", name: String = "a.txt"
  ) async throws -> JSON? {
    let data = text.map { JSON.string(base64(Array($0.utf8))) } ?? .null
    return try await person.run(create, ["name": .string(name), "type": .string(type), "data": data])[
      "createAttachment"]
  }

  static func send(_ files: [JSON], to thread: String, by person: Person) async throws -> JSON? {
    try await person.run(send, ["thread": .string(thread), "files": .array(files)])["sendMessage"]
  }

  @Test("a file is its owner's until it is sent, then the thread's, until the message is deleted; then its bytes go")
  func life() async throws { try await Self.checkLife(TestServer()) }

  static func checkLife(_ server: TestServer) async throws {
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, _) = try await ada.makeThread()
    var ids: [JSON] = []
    for _ in 0..<2 {
      let made = try #require(try await bring("héllo", by: ada)?["attachment"])
      #expect(made["size"] == 6 && made["digest"] == .string(hexadecimal(sha256(Array("héllo".utf8)))))
      ids.append(try #require(made["id"]))
    }
    #expect(server.attachments.count == 1)
    #expect(try await grace.run(find, ["id": ids[0]]) == ["attachment": .null])
    #expect(try await send([ids[0]], to: thread, by: grace)?["userErrors"]?[0]?["code"] == "NOT_FOUND")
    let sent = try await send([ids[0]], to: thread, by: ada)?["message"]
    let expected: JSON = [
      ["id": ids[0], "name": "a.txt", "data": .string(base64(Array("héllo".utf8))), "uploadedBy": ["name": "Ada"]]
    ]
    #expect(sent?["attachments"] == expected)
    #expect(try await send([ids[0]], to: thread, by: ada)?["userErrors"]?[0]?["field"] == ["input", "attachmentIds"])
    #expect(try await grace.run(find, ["id": ids[0]])["attachment"]?["name"] == "a.txt")
    let delete = "mutation($id: ID!) { deleteMessage(input: {messageId: $id}) { message { attachments { id } } } }"
    let deleted = try await ada.run(delete, ["id": sent?["id"] ?? .null])
    #expect(deleted["deleteMessage"]?["message"]?["attachments"] == [])
    for person in [ada, grace] { #expect(try await person.run(find, ["id": ids[0]]) == ["attachment": .null]) }
    // The other one has the same bytes, until it is too old to be sent.
    server.clock.advance(by: .seconds(2 * 60 * 60))
    try await server.service.sweep()
    #expect(server.attachments.count == 1)
    #expect(try await ada.run(find, ["id": ids[1]])["attachment"]?["data"] != .null)
    server.clock.advance(by: .seconds(21 * 60 * 60))
    // A little use is no reason to keep unsent files for longer.
    let last = try #require(try await bring("last", by: ada)?["attachment"]?["id"])
    server.clock.advance(by: .seconds(60 * 60 + 1))
    try await server.service.sweep()
    server.clock.advance(by: .seconds(60 * 60 + 1))
    try await server.service.sweep()
    #expect(server.attachments.count == 1)
    let back = try await server.login("ada")
    #expect(try await back.run(find, ["id": ids[1]]) == ["attachment": .null])
    #expect(try await back.run(find, ["id": last])["attachment"]?["name"] == "a.txt")
    // Brought again, the same bytes are stored again.
    _ = try await bring("héllo", by: back)
    #expect(server.attachments.count == 2)
    await server.stop()
  }

  @Test("bytes come and go by themselves too, for whoever may have them, once")
  func files() async throws {
    let server = try await TestServer()
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (thread, _) = try await ada.makeThread()
    let made = try #require(try await Self.bring(nil, by: ada, type: "image/png")?["attachment"])
    #expect(made["size"] == .null)
    let (id, service) = (try #require(made["id"]?.string), server.service)
    #expect(made["path"] == .string("/attachments/\(id)"))
    #expect(try await Self.send([.string(id)], to: thread, by: ada)?["userErrors"]?[0]?["code"] == "NOT_FOUND")
    func kind(_ answer: FileAnswer) -> String {
      switch answer {
      case .content(let bytes, _, let type, _): "\(type) \(bytes)"
      case .filled: "filled"
      case .missing: "missing"
      case .refused(let why, _): "\(why)"
      }
    }
    #expect(kind(await service.file(id, as: ada.identity)) == "missing")
    #expect(kind(await service.fill(id, with: [1], as: grace.identity)) == "missing")
    #expect(kind(await service.fill(id, with: [], as: ada.identity)) == "invalid")
    let big = [UInt8](repeating: 0, count: 1_000_001)
    #expect(kind(await service.fill(id, with: big, as: ada.identity)) == "tooLarge")
    for _ in 0..<2 { #expect(kind(await service.fill(id, with: [1, 2], as: ada.identity)) == "filled") }
    #expect(kind(await service.fill(id, with: [3], as: ada.identity)) == "conflict")
    #expect(kind(await service.file(id, as: grace.identity)) == "missing")
    let nobody = try await service.authenticate(token: nil)
    #expect(kind(await service.file(id, as: nobody)) == "unauthenticated")
    let annotated = try await ada.run(
      """
      mutation($id: ID!) { createAnnotation(input: {url: "https://acme.example/plan", selector: "p", x: 0, y: 0, body: "b",
        screenshotId: $id}) { annotation { screenshot { contentType } } userErrors { code } } }
      """, ["id": .string(id)])["createAnnotation"]
    #expect(annotated?["annotation"]?["screenshot"] == ["contentType": "image/png"])
    #expect(kind(await service.file(id, as: grace.identity)) == "image/png [1, 2]")
    await server.stop()
  }

  @Test("what is no file, too large or of a kind that is not taken is refused")
  func refusals() async throws {
    let server = try await TestServer()
    let ada = try await server.login("ada")
    for (name, type, data, field) in [
      ("a/b", "text/plain", JSON.string("eA=="), "name"), ("a", "text/html", "eA==", "contentType"),
      ("a", "text/plain", "***", "data"), ("a", "text/plain", "", "data"),
    ] {
      let answer = try await ada.run(Self.create, ["name": .string(name), "type": .string(type), "data": data])
      #expect(answer["createAttachment"]?["userErrors"] == [["code": "INVALID", "field": ["input", .string(field)]]])
    }
    let text = try #require(try await Self.bring("x", by: ada)?["attachment"]?["id"])
    var ids: [JSON?] = []
    for _ in 0..<2 {
      let again = try await ada.run(
        #"mutation { createAttachment(input: {name: "n", contentType: "text/plain", data: "eA==", idempotencyKey: "k"}) { attachment { id } } }"#
      )
      ids.append(again["createAttachment"]?["attachment"]?["id"])
    }
    #expect(ids[0] != nil && ids[0] == ids[1])
    for _ in 0..<98 { _ = try await Self.bring(nil, by: ada) }
    #expect(try await Self.bring(nil, by: ada)?["userErrors"]?[0]?["code"] == "TOO_LARGE")
    let annotated = try await ada.run(
      """
      mutation($id: ID!) { createAnnotation(input: {url: "https://acme.example/", selector: "p", x: 0, y: 0, body: "b",
        screenshotId: $id}) { userErrors { code } } }
      """, ["id": text])
    #expect(annotated["createAnnotation"]?["userErrors"] == [["code": "INVALID"]])
    await server.stop()
  }

  @Test("a folder keeps content whole or not at all, notices damage, and forgets")
  func disk() async throws {
    let folder = try TemporaryFolder()
    let root = "\(folder.path)/files"
    let (bytes, digest) = ([UInt8]("content".utf8), hexadecimal(sha256([UInt8]("content".utf8))))
    let place = "\(root)/\(digest.prefix(2))/\(digest.dropFirst(2))"
    var store = try DiskAttachmentStore(folder: root)
    #expect(try await store.get(digest) == nil)
    for _ in 0..<2 { try await store.put(bytes, digest: digest) }
    #expect(try await store.get(digest) == bytes)
    // A process that was killed in the middle of a file.
    #expect(close(open("\(root)/drafts/half", O_CREAT | O_WRONLY, 0o600)) == 0)
    store = try DiskAttachmentStore(folder: root)
    #expect(access("\(root)/drafts/half", F_OK) != 0)
    #expect(try await store.get(digest) == bytes)
    #expect(truncate(place, 3) == 0)
    await #expect(throws: DamagedContent.self) { try await store.get(digest) }
    for _ in 0..<2 { try await store.remove(digest) }
    #expect(try await store.get(digest) == nil)
    for path in ["\(root)/\(digest.prefix(2))", "\(root)/drafts", root] { rmdir(path) }
    #expect(throws: DiskAttachmentStore.Failure.self) { try DiskAttachmentStore(folder: "/nowhere/files") }
  }
}
