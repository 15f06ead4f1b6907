internal import Wire

/// The token of an `Authorization: Bearer …` (RFC 6750, section 2.1).
enum BearerToken: Hashable, Sendable {
  case absent
  case token(String)
  /// There is an `Authorization`, but not one that we understand.
  case malformed

  init(_ headers: HTTPHeaders) {
    let values = headers.all("Authorization")
    guard let value = values.first else {
      self = .absent
      return
    }
    self = values.count == 1 ? Self(authorization: value) : .malformed
  }

  /// Reads the value of an `Authorization` field.
  init(authorization value: String) {
    let parts = value.split(separator: " ", omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      self = .malformed
      return
    }
    self = .token(String(parts[1]))
  }
}
