import Cryptography
import JSON
import Server
import Testing
import Wire
import World

@Suite struct PersistedOperationsTests {
  private let query = "{ hello }"

  private func answer(
    _ core: ServerCore, _ query: String?, digest: String?, version: Int64 = 1
  ) async throws -> (status: Int, json: JSON) {
    var body: JSONObject = [:]
    if let query { body.append("query", .string(query)) }
    if let digest {
      let persisted: JSON = ["version": .int(version), "sha256Hash": .string(digest)]
      body.append("extensions", ["persistedQuery": persisted])
    }
    let headers: HTTPHeaders = [
      "Content-Type": "application/json", "Accept": "application/graphql-response+json",
    ]
    let request = HTTPRequest(
      method: "POST", target: "/graphql", headers: headers, body: JSON.object(body).bytes)
    let response = await core.respond(to: request)
    return (response.status, try JSON.parse(response.body))
  }

  private func core(_ change: (inout ServerConfiguration) -> Void = { _ in }) -> ServerCore {
    var configuration = ServerConfiguration()
    change(&configuration)
    return ServerCore(service: FixtureService(), world: .live(seed: 1), configuration: configuration)
  }

  private func code(_ json: JSON) -> String? { json["errors"]?[0]?["extensions"]?["code"]?.string }

  @Test("a document that was sent once with its digest runs by its digest alone")
  func automatic() async throws {
    let core = core()
    let digest = hexadecimal(sha256(Array(query.utf8)))
    let first = try await answer(core, nil, digest: digest)
    #expect(first.status == 400 && code(first.json) == "PERSISTED_QUERY_NOT_FOUND")
    #expect(first.json["errors"]?[0]?["message"] == "PersistedQueryNotFound")
    #expect(try await answer(core, "{ partial }", digest: digest).status == 400)
    #expect(try await answer(core, nil, digest: digest).status == 400)
    #expect(try await answer(core, query, digest: digest).status == 200)
    #expect(try await answer(core, nil, digest: digest.uppercased()).status == 200)
    #expect(try await answer(core, nil, digest: digest, version: 2).status == 400)
    let invalid = hexadecimal(sha256(Array("nonsense".utf8)))
    _ = try await answer(core, "nonsense", digest: invalid)
    #expect(code(try await answer(core, nil, digest: invalid).json) == "PERSISTED_QUERY_NOT_FOUND")
  }

  @Test("the cache forgets what was not used for long")
  func bounded() async throws {
    let core = core { $0.persistedDocuments = 2 }
    let texts = ["{ hello }", "{  hello }", "{   hello }"]
    for text in texts { _ = try await answer(core, text, digest: hexadecimal(sha256(Array(text.utf8)))) }
    let kept = hexadecimal(sha256(Array(texts[2].utf8)))
    #expect(try await answer(core, nil, digest: kept).status == 200)
    let forgotten = hexadecimal(sha256(Array(texts[0].utf8)))
    #expect(try await answer(core, nil, digest: forgotten).status == 400)
  }

  @Test("with an allow list nothing else runs; without persisted operations a digest is refused")
  func policies() async throws {
    let listed = core { $0.persistedOperations = .allowList([query]) }
    let digest = hexadecimal(sha256(Array(query.utf8)))
    #expect(try await answer(listed, nil, digest: digest).status == 200)
    #expect(try await answer(listed, query, digest: nil).status == 200)
    #expect(code(try await answer(listed, "{ partial }", digest: nil).json) == "OPERATION_NOT_ALLOWED")
    let off = core { $0.persistedOperations = .off }
    #expect(code(try await answer(off, nil, digest: digest).json) == "PERSISTED_QUERY_NOT_SUPPORTED")
    #expect(try await answer(off, query, digest: digest).status == 200)
  }

  @Test("SHA-256 gives the examples of FIPS 180-4")
  func digests() {
    #expect(
      hexadecimal(sha256(Array("abc".utf8))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(hexadecimal(sha256([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }
}
