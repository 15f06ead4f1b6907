import Client
import JSON
import Testing
import Wire

@Suite struct GraphQLHTTPClientTests {
  private let endpoint = Endpoint(host: "a", port: 1)

  @Test("a request says what the specification asks for")
  func request() async throws {
    let transport = ScriptedTransport(response: HTTPResponse(status: 200, body: Array(#"{"data":{"a":1}}"#.utf8)))
    let client = GraphQLHTTPClient(transport: transport, endpoint: endpoint)
    let response = try await client.execute(
      query: "query A { a }", operationName: "A", variables: ["b": "\""], token: "t", headers: ["X-Run": "7"])
    guard case .open(let request)? = transport.log.elements.first else { return #expect(Bool(false)) }
    #expect(request.method == "POST" && request.target == "/graphql")
    #expect(request.headers["Content-Type"] == "application/json")
    #expect(request.headers["Accept"] == "application/graphql-response+json, application/json;q=0.9")
    #expect(request.headers["Authorization"] == "Bearer t")
    #expect(request.headers["X-Run"] == "7")
    let body: JSON = ["query": "query A { a }", "operationName": "A", "variables": ["b": "\""]]
    #expect(try JSON.parse(request.body) == body)
    #expect(response.data == ["a": 1] && response.bytesSent == request.body.count && response.bytesReceived == 16)
  }

  @Test("an answer that is not JSON is an error that shows its status and its start")
  func notJSON() async {
    let transport = ScriptedTransport(response: HTTPResponse(status: 502, body: Array("<html>Bad Gateway".utf8)))
    let client = GraphQLHTTPClient(transport: transport, endpoint: endpoint)
    let error = await #expect(throws: ClientError.self) { try await client.execute(query: "{ a }") }
    #expect(error?.kind == .protocolViolation)
    #expect(error?.message.contains("502") == true && error?.message.contains("<html>") == true)
  }
}
