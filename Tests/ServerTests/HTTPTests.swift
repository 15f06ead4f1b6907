import GraphQL
import JSON
import Server
import Testing
import Wire
import World

@Suite(.timeLimit(.minutes(1))) struct HTTPTests {
  private static let modern = "application/graphql-response+json"
  private static let legacy = "application/json"

  private func core(_ change: (inout ServerConfiguration) -> Void = { _ in }) -> ServerCore {
    var configuration = ServerConfiguration()
    change(&configuration)
    return ServerCore(service: FixtureService(), world: .live(seed: 1), configuration: configuration)
  }

  private func post(_ body: String, accept: String? = modern, _ headers: [(String, String)] = []) -> HTTPRequest {
    var fields = HTTPHeaders(headers.map { (name: $0.0, value: $0.1) })
    if fields["Content-Type"] == nil { fields.add("Content-Type", "application/json") }
    if let accept { fields.add("Accept", accept) }
    return HTTPRequest(method: "POST", target: "/graphql", headers: fields, body: Array(body.utf8))
  }

  private func message(_ response: HTTPResponse) throws -> String {
    try JSON.parse(response.body)["errors"]?[0]?["message"]?.string ?? ""
  }

  @Test(
    "Accept decides the media type, and with it the status of a request error",
    arguments: [
      (nil, legacy, 200), ("*/*", legacy, 200), ("application/*", legacy, 200), (modern, modern, 400),
      ("application/*, application/graphql-response+json", modern, 400), ("application/json;q=0, */*", modern, 400),
      ("text/event-stream, application/graphql-response+json", modern, 400),
      (legacy, legacy, 200), ("application/json, text/plain, */*", legacy, 200),
      ("application/json;q=0.9, application/graphql-response+json", modern, 400),
      ("application/graphql-response+json;q=0.1, application/json", legacy, 200),
      ("application/graphql-response+json;q=0, */*", legacy, 200),
      ("text/html;q=1, Application/JSON; charset=UTF-8", legacy, 200),
      ("application/json; charset=latin1, application/graphql-response+json; charset=utf-8", modern, 400),
    ] as [(String?, String, Int)])
  func negotiation(accept: String?, type: String, status: Int) async throws {
    let response = await core().respond(to: post(#"{"query":"{ nonsense }"}"#, accept: accept))
    #expect(response.status == status)
    #expect(response.headers["Content-Type"] == type + "; charset=utf-8")
    #expect(try message(response).hasPrefix("Syntax Error"))
    let good = await core().respond(to: post(#"{"query":"{ hello }"}"#, accept: accept))
    #expect(good.status == 200)
    #expect(good.headers["Content-Type"] == type + "; charset=utf-8")
  }

  @Test("an Accept that allows neither type is refused with 406", arguments: ["text/html", "application/json;q=0"])
  func notAcceptable(accept: String) async {
    #expect(await core().respond(to: post(#"{"query":"{ hello }"}"#, accept: accept)).status == 406)
  }

  @Test("data with errors is a success")
  func partial() async throws {
    let response = await core().respond(to: post(#"{"query":"{ partial }"}"#))
    #expect(response.status == 200)
    #expect(try message(response) == "half")
  }

  @Test(
    "a body that is no request is refused with 400, and the message says why",
    arguments: [
      ("", "not JSON"), ("{", "not JSON"), ("42", "an object"), ("null", "an object"),
      (#"[{"query":"{ hello }"}]"#, "Batching"), ("{}", "'query'"), (#"{"query":null}"#, "'query'"),
      (#"{"query":7}"#, "a string, found a number"),
      (#"{"query":"{ hello }","operationName":[]}"#, "'operationName'"),
      (#"{"query":"{ hello }","variables":[1]}"#, "'variables'"),
      (#"{"query":"{ hello }","variables":"{}"}"#, "'variables'"),
      (#"{"query":"{ hello }","extensions":1}"#, "'extensions'"),
    ])
  func malformed(body: String, hint: String) async throws {
    for accept in [Self.modern, Self.legacy] {
      let response = await core().respond(to: post(body, accept: accept))
      #expect(response.status == 400)
      #expect(try message(response).contains(hint))
    }
  }

  @Test("null is the same as absent, and members that are not known are ignored")
  func optionalMembers() async {
    let body = #"{"query":"{ hello }","operationName":null,"variables":null,"extensions":null,"id":1}"#
    #expect(await core().respond(to: post(body)).status == 200)
  }

  @Test(
    "a body of another type or encoding is refused with 415",
    arguments: ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", "json"])
  func mediaType(type: String) async {
    let request = post(#"{"query":"{ hello }"}"#, [("Content-Type", type)])
    #expect(await core().respond(to: request).status == 415)
  }

  @Test("a compressed body is refused with 415, a long one with 413")
  func bodyLimits() async {
    let body = #"{"query":"{ hello }"}"#
    #expect(await core().respond(to: post(body, [("Content-Encoding", "gzip")])).status == 415)
    #expect(await core { $0.bodyLimit = 10 }.respond(to: post(body)).status == 413)
  }

  @Test(
    "GET runs queries",
    arguments: [
      "query=%7B%20hello%20%7D", "query=%7B+hello+%7D&variables=%7B%22a%22%3A1%7D&operationName=",
      "variables=&query=hello&extensions=null",
    ])
  func get(query: String) async throws {
    let response = await core().respond(to: HTTPRequest(method: "GET", target: "/graphql?\(query)"))
    #expect(response.status == 200)
    #expect(try JSON.parse(response.body)["data"]?["hello"]?.string == "anonymous")
  }

  @Test(
    "a GET that is no request is refused with 400",
    arguments: ["", "?", "?query=", "?query=hello&variables=%7B", "?query=hello&variables=%5B%5D"])
  func malformedGet(query: String) async {
    #expect(await core().respond(to: HTTPRequest(method: "GET", target: "/graphql\(query)")).status == 400)
  }

  @Test("a mutation by GET is refused with 405 and not run")
  func mutationByGet() async {
    let service = FixtureService()
    let core = ServerCore(service: service, world: .live(seed: 1))
    for accept in [Self.modern, Self.legacy] {
      let request = HTTPRequest(
        method: "GET", target: "/graphql?query=mutation%7Bpublish%7D", headers: ["Accept": accept])
      let response = await core.respond(to: request)
      #expect(response.status == 405)
      #expect(response.headers["Allow"] == "POST")
    }
    #expect(service.log.elements.isEmpty)
  }

  @Test("a subscription over HTTP is refused, and the message says where to go")
  func subscription() async throws {
    let response = await core().respond(to: post(#"{"query":"subscription { events }"}"#))
    #expect(response.status == 400)
    #expect(try message(response).contains("graphql-transport-ws"))
  }

  @Test("other methods and paths are refused with what would be right")
  func methodsAndPaths() async {
    let core = core()
    let put = await core.respond(to: HTTPRequest(method: "PUT", target: "/graphql"))
    #expect(put.status == 405 && put.headers["Allow"] == "GET, POST")
    let post = await core.respond(to: HTTPRequest(method: "POST", target: "/health"))
    #expect(post.status == 405 && post.headers["Allow"] == "GET, HEAD")
    #expect(await core.respond(to: HTTPRequest(method: "GET", target: "/graphq")).status == 404)
    let head = await core.respond(to: HTTPRequest(method: "HEAD", target: "/version"))
    #expect(head.status == 200 && head.body.isEmpty)
  }

  @Test("the bearer token says who calls; a bad one, or none of ours, is refused with 401")
  func authorization() async throws {
    let body = #"{"query":"{ hello }"}"#
    let good = await core().respond(to: post(body, [("Authorization", "bearer  anna")]))
    #expect(try JSON.parse(good.body)["data"]?["hello"]?.string == "anna")
    for (value, challenge) in [
      ("Bearer bad", "invalid_token"), ("Basic YTpi", "invalid_request"), ("Bearer", "invalid_request"),
    ] {
      let response = await core().respond(to: post(body, accept: Self.legacy, [("Authorization", value)]))
      #expect(response.status == 401)
      #expect(response.headers["WWW-Authenticate"]?.contains(challenge) == true)
      #expect(try JSON.parse(response.body)["errors"]?[0]?["extensions"]?["code"]?.string == "UNAUTHENTICATED")
    }
  }

  @Test("health and version tell what they know, and every response is guarded against browsers")
  func healthAndVersion() async throws {
    let core = core()
    let health = await core.respond(to: HTTPRequest(method: "GET", target: "/health"))
    #expect(health.status == 200)
    #expect(try JSON.parse(health.body)["details"]?["database"]?.string == "ok")
    #expect(health.headers["X-Content-Type-Options"] == "nosniff")
    let version = await core.respond(to: HTTPRequest(method: "GET", target: "/version"))
    #expect(try JSON.parse(version.body)["build"]?.string == "test")
  }

  @Test("a server that drains finishes what runs and refuses what comes")
  func drain() async {
    let service = FixtureService()
    let core = ServerCore(service: service, world: .live(seed: 1))
    async let slow = core.respond(to: post(#"{"query":"{ slow }"}"#))
    await service.log.wait { $0.contains("execute slow") }
    async let drained: Void = core.drain()
    await core.begunToDrain()
    let refused = await core.respond(to: post(#"{"query":"{ hello }"}"#))
    #expect(refused.status == 503)
    service.open("slow")
    await drained
    #expect(await slow.status == 200)
  }
}
