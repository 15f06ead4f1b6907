// Wire: the values that cross the network between client and server, and their encodings. No I/O: sockets, real or
// simulated, carry what is defined here.

/// An HTTP request with its whole body (RFC 9110).
package struct HTTPRequest: Sendable {
  /// `GET`, `POST`… in upper case.
  package var method: String
  /// Path and query as they stand in the request line: `/graphql?query=…`.
  package var target: String
  package var headers: HTTPHeaders
  package var body: [UInt8]
  /// The network address that it came from, without the port; `nil` where there is no network.
  package var peer: String?

  /// The target without its query.
  package var path: Substring { target.prefix { $0 != "?" } }

  /// The target's query, without the question mark; `nil` where there is none.
  package var query: Substring? {
    guard let mark = target.firstIndex(of: "?") else { return nil }
    return target[target.index(after: mark)...]
  }

  package init(method: String, target: String, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body
  }
}

/// An HTTP response with its whole body (RFC 9110). An `Error` so that it can be the failure of a `Result`.
package struct HTTPResponse: Error, Sendable {
  package var status: Int
  package var headers: HTTPHeaders
  package var body: [UInt8]

  package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Header fields in order; names compare without regard to case (RFC 9110, section 5.1).
package struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
  package private(set) var fields: [(name: String, value: String)]

  package init(_ fields: [(name: String, value: String)] = []) { self.fields = fields }
  package init(dictionaryLiteral elements: (String, String)...) { fields = elements.map { (name: $0.0, value: $0.1) } }

  /// The first field of that name.
  package subscript(name: String) -> String? { fields.first { Self.equal($0.name, name) }?.value }

  /// Every field of that name, in order.
  package func all(_ name: String) -> [String] { fields.filter { Self.equal($0.name, name) }.map(\.value) }

  package mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

  /// Puts one field in the place of every one of that name.
  package mutating func set(_ name: String, _ value: String) {
    fields.removeAll { Self.equal($0.name, name) }
    fields.append((name, value))
  }

  /// The elements of a field whose value is a list, over all fields of that name (RFC 9110, section 5.6.1).
  package func list(_ name: String) -> [String] {
    all(name).flatMap { value in
      value.split(separator: ",").map(Self.trimmed).filter { !$0.isEmpty }
    }
  }

  /// Whether a field whose value is a list names `token`, in either case.
  package func lists(_ name: String, _ token: String) -> Bool {
    list(name).contains { Self.equal($0, token) }
  }

  /// Without the white space around it (RFC 9110, section 5.6.3).
  private static func trimmed(_ text: Substring) -> String {
    let isSpace = { (character: Character) in character == " " || character == "\t" }
    let tail = text.drop(while: isSpace)
    return String(
      tail.prefix(tail.lastIndex { !isSpace($0) }.map { tail.distance(from: tail.startIndex, to: $0) + 1 } ?? 0))
  }

  private static func equal(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).allSatisfy { lower($0) == lower($1) }
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
