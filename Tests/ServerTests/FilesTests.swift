import GraphQL
import Server
import Testing
import Wire
import World

/// What the fixture answers is in the file's id.
extension FixtureService: FileService {
  func file(_ id: String, as identity: any ServiceIdentity) async -> FileAnswer {
    id == "there"
      ? .content(bytes: [1, 2], name: "ü \"1\".png", contentType: "image/png", digest: "abc") : .missing
  }

  func fill(_ id: String, with content: [UInt8], as identity: any ServiceIdentity) async -> FileAnswer {
    switch id {
    case "there": .filled(digest: "\(content.count)")
    case "other": .refused(.conflict, message: "other content")
    default: .missing
    }
  }
}

@Suite struct FilesTests {
  @Test(
    "files are fetched and filled by whoever has a session",
    arguments: [
      ("GET", "there", true, 200), ("HEAD", "there", true, 200), ("GET", "gone", true, 404),
      ("PUT", "there", true, 204),
      ("PUT", "other", true, 409), ("GET", "there", false, 401), ("PUT", "there", false, 401),
      ("DELETE", "there", true, 405),
    ])
  func statuses(method: String, id: String, hasToken: Bool, status: Int) async {
    var configuration = ServerConfiguration()
    configuration.bodyLimit = 10
    let core = ServerCore(service: FixtureService(), world: .live(seed: 1), configuration: configuration)
    var request = HTTPRequest(
      method: method, target: "/attachments/\(id)", headers: hasToken ? ["Authorization": "Bearer ada"] : [:],
      body: method == "PUT" ? [1, 2, 3] : [])
    let response = await core.respond(to: request)
    #expect(response.status == status)
    switch (method, status) {
    case ("GET", 200):
      #expect(response.body == [1, 2])
      #expect(response.headers["Content-Type"] == "image/png" && response.headers["ETag"] == "\"abc\"")
      #expect(response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%C3%BC%20%221%22.png")
      #expect(response.headers["X-Content-Type-Options"] == "nosniff")
    case ("HEAD", 200): #expect(response.body.isEmpty)
    case ("PUT", 204):
      #expect(response.headers["ETag"] == "\"3\"")
      request.body = Array(repeating: 0, count: 11)
      #expect(await core.respond(to: request).status == 413)
    default: break
    }
  }
}
