import JSON
import Testing
import Wire

extension RawConnection {
  /// Sends the bytes of one request and reads what comes until the server ends the connection.
  static func exchange(_ request: [UInt8], port: Int) async throws -> HTTPResponse {
    let raw = try await RawConnection(port: port)
    raw.send(request)
    return try #require(HTTPResponse(wire: await raw.rest()))
  }
}

extension HTTPRequest {
  /// The request as HTTP/1.1 has it, for a connection of its own.
  var wire: [UInt8] {
    var head = "\(method) \(target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    for field in headers.fields { head += "\(field.name): \(field.value)\r\n" }
    if !body.isEmpty && headers["Transfer-Encoding"] == nil { head += "Content-Length: \(body.count)\r\n" }
    return Array((head + "\r\n").utf8) + body
  }
}

extension HTTPResponse {
  /// Reads one response (RFC 9112); `nil` for what is none.
  init?(wire bytes: [UInt8]) {
    guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    let line = lines.first?.split(separator: " ") ?? []
    guard line.count >= 2, line[0] == "HTTP/1.1", let status = Int(line[1]) else { return nil }
    var headers = HTTPHeaders()
    for field in lines.dropFirst() {
      let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      headers.add(String(parts[0]), String(parts[1].drop { $0 == " " }))
    }
    let body = Array(bytes[end.upperBound...])
    if let length = headers["Content-Length"], Int(length) != body.count { return nil }
    self.init(status: status, headers: headers, body: body)
  }
}
