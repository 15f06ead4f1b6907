import Testing
import Wire

@Suite struct HandshakeTests {
  private let fields: HTTPHeaders = [
    "Host": "localhost", "upgrade": "WebSocket", "connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Protocol": "other, graphql-transport-ws",
  ]

  private func answer(_ change: (inout HTTPRequest) -> Void = { _ in }) -> HTTPResponse {
    var request = HTTPRequest(method: "GET", target: "/graphql", headers: fields)
    change(&request)
    switch Handshake.answer(request, subprotocols: [TransportMessage.subprotocol]) {
    case .success(let response), .failure(let response): return response
    }
  }

  @Test("the example of RFC 6455, section 1.3, is answered as there")
  func example() {
    let response = answer()
    #expect(response.status == 101)
    #expect(response.headers["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    #expect(response.headers["Sec-WebSocket-Protocol"] == "graphql-transport-ws")
  }

  @Test("a handshake that is not in order is refused with the field that would put it right")
  func refusals() {
    #expect(answer { $0.method = "POST" }.headers["Allow"] == "GET")
    #expect(answer { $0.headers.set("Connection", "close") }.status == 426)
    let old = answer { $0.headers.set("Sec-WebSocket-Version", "8") }
    #expect(old.status == 426 && old.headers["Sec-WebSocket-Version"] == "13")
    #expect(answer { $0.headers.set("Sec-WebSocket-Key", "c2hvcnQ=") }.status == 400)
    #expect(answer { $0.headers.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==") }.status == 400)
  }

  @Test("a client believes only an answer that fits its key and its offers")
  func clientChecks() {
    let (ours, key) = Handshake.headers(nonce: (1, 2))
    #expect(key.utf8.count == 24)
    var request = HTTPRequest(method: "GET", target: "/", headers: ours)
    request.headers.set("Sec-WebSocket-Protocol", "a")
    guard case .success(let good) = Handshake.answer(request, subprotocols: ["a"]) else {
      return #expect(Bool(false), "our own handshake was refused")
    }
    func fault(_ change: (inout HTTPResponse) -> Void) -> String? {
      var response = good
      change(&response)
      return Handshake.fault(in: response, key: key, subprotocols: ["a"])
    }
    #expect(fault { _ in } == nil)
    #expect(fault { $0.status = 200 } != nil)
    #expect(fault { $0.headers.set("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") } != nil)
    #expect(fault { $0.headers.set("Sec-WebSocket-Protocol", "b") } != nil)
    #expect(fault { $0.headers.set("Upgrade", "h2c") } != nil)
    #expect(fault { $0.headers.add("Sec-WebSocket-Extensions", "permessage-deflate") } != nil)
  }
}
