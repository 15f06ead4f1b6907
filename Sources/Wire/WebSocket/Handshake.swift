private import Cryptography

/// The opening handshake of a WebSocket connection over HTTP/1.1 (RFC 6455, section 4), both ends of it.
package enum Handshake {
  private static let version = "13"
  private static let keyLength = 16

  /// Whether a request asks for a WebSocket, rightly or not.
  package static func isWanted(by request: HTTPRequest) -> Bool {
    request.headers.lists("Upgrade", "websocket")
  }

  /// The answer to a request that asks for a WebSocket: 101 with what the client checks, or why not.
  /// - Parameter subprotocols: what the server speaks, the best first.
  package static func answer(
    _ request: HTTPRequest, subprotocols: [String]
  ) -> Result<HTTPResponse, HTTPResponse> {
    guard request.method == "GET" else {
      return .failure(refusal(405, "A WebSocket starts with GET", ("Allow", "GET")))
    }
    guard isWanted(by: request), request.headers.lists("Connection", "upgrade") else {
      return .failure(refusal(426, "A WebSocket is wanted here", ("Upgrade", "websocket")))
    }
    guard request.headers["Sec-WebSocket-Version"] == version else {
      return .failure(refusal(426, "Only WebSocket version 13 is spoken", ("Sec-WebSocket-Version", version)))
    }
    let keys = request.headers.all("Sec-WebSocket-Key")
    guard let key = keys.first, keys.count == 1, isKey(key) else {
      return .failure(refusal(400, "Sec-WebSocket-Key must be 16 bytes in base64"))
    }
    var headers: HTTPHeaders = [
      "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": accept(key: key),
    ]
    let offered = request.headers.list("Sec-WebSocket-Protocol")
    if let chosen = subprotocols.first(where: { offered.contains($0) }) {
      headers.add("Sec-WebSocket-Protocol", chosen)
    }
    return .success(HTTPResponse(status: 101, headers: headers))
  }

  /// The fields that ask for a WebSocket.
  /// - Parameter nonce: sixteen random bytes in two words.
  package static func headers(nonce: (UInt64, UInt64)) -> (fields: HTTPHeaders, key: String) {
    var bytes: [UInt8] = []
    withUnsafeBytes(of: nonce.0.bigEndian) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: nonce.1.bigEndian) { bytes.append(contentsOf: $0) }
    let key = base64(bytes)
    return (
      [
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": version, "Sec-WebSocket-Key": key,
      ], key
    )
  }

  /// What is wrong with a server's answer; `nil` when the connection is open.
  package static func fault(in response: HTTPResponse, key: String, subprotocols: [String]) -> String? {
    guard response.status == 101 else {
      let body = String(decoding: response.body.prefix(200), as: UTF8.self)
      return "the server answered \(response.status) to the WebSocket handshake" + (body.isEmpty ? "" : ": \(body)")
    }
    guard response.headers.lists("Upgrade", "websocket"), response.headers.lists("Connection", "upgrade") else {
      return "the server's answer does not upgrade to a WebSocket"
    }
    guard response.headers["Sec-WebSocket-Accept"] == accept(key: key) else {
      return "the server's Sec-WebSocket-Accept does not fit the key"
    }
    if let chosen = response.headers["Sec-WebSocket-Protocol"], !subprotocols.contains(chosen) {
      return "the server chose the subprotocol '\(chosen)', which was not offered"
    }
    if response.headers["Sec-WebSocket-Extensions"] != nil { return "the server chose an extension, none was offered" }
    return nil
  }

  /// `Sec-WebSocket-Accept` for a key (section 4.2.2, item 5.4).
  package static func accept(key: String) -> String {
    base64(sha1(Array("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)))
  }

  private static func isKey(_ key: String) -> Bool {
    // 16 bytes are 22 digits and two pads.
    let digits = key.utf8.prefix(22)
    return key.utf8.count == 24 && key.hasSuffix("==") && digits.allSatisfy(isBase64Digit)
  }

  private static func isBase64Digit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"): true
    default: false
    }
  }

  private static func refusal(_ status: Int, _ message: String, _ field: (String, String)? = nil) -> HTTPResponse {
    var headers: HTTPHeaders = ["Content-Type": "text/plain; charset=utf-8"]
    if let field { headers.add(field.0, field.1) }
    return HTTPResponse(status: status, headers: headers, body: Array(message.utf8))
  }
}
