internal import Wire
internal import World

/// What names a request in the log and in its answer.
enum RequestID {
  static let field = "X-Request-Id"
  static let lengthLimit = 64

  /// The one that the request brought, if it is fit for a log: letters, digits, `.`, `_` and `-`, 1 to 64 of them.
  static func given(_ request: HTTPRequest) -> String? {
    let values = request.headers.all(field)
    guard values.count == 1, let value = values.first, (1...lengthLimit).contains(value.utf8.count) else { return nil }
    return value.utf8.allSatisfy(isFit) ? value : nil
  }

  private static func isFit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}

extension ServerCore {
  /// The request with an id: its own, or a new one in the place of none or of one that is not fit; and with the address
  /// that it came from, if it is for a proxy to say.
  func identified(_ request: HTTPRequest) -> HTTPRequest {
    var request = request
    if configuration.trustsForwardedAddress, let address = ForwardedAddress.of(request) { request.peer = address }
    guard RequestID.given(request) == nil else { return request }
    request.headers.set(RequestID.field, requestIDs.next().description)
    return request
  }
}
