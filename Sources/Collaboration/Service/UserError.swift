/// Why a mutation did not do what it was asked: part of its payload, not an error of the request.
package struct UserError: Error, Hashable, Sendable {
  /// A value of the schema's `UserErrorCode`.
  package enum Code: String, Hashable, Sendable {
    case notFound = "NOT_FOUND"
    case invalid = "INVALID"
    case tooLarge = "TOO_LARGE"
    case forbidden = "FORBIDDEN"
    case deleted = "DELETED"
    case conflict = "CONFLICT"
    case cannotMention = "CANNOT_MENTION"
    case idempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED"
    case presenceNeedsSocket = "PRESENCE_NEEDS_SOCKET"
    case presenceLimit = "PRESENCE_LIMIT"
    case accessLost = "ACCESS_LOST"
    case tokenMalformed = "TOKEN_MALFORMED"
    case tokenAlgorithm = "TOKEN_ALGORITHM"
    case tokenSignature = "TOKEN_SIGNATURE"
    case tokenClaims = "TOKEN_CLAIMS"
    case tokenAudience = "TOKEN_AUDIENCE"
    case tokenReplayed = "TOKEN_REPLAYED"
    case tokenExpired = "TOKEN_EXPIRED"
    case tokenNotYetValid = "TOKEN_NOT_YET_VALID"
  }

  package let code: Code
  package let message: String
  /// The way to the input at fault, from the mutation's arguments down.
  package var field: [String]?
}

/// The user errors that end a mutation and roll back its transaction.
package struct Refusal: Error, Sendable {
  package let errors: [UserError]

  package init(_ errors: [UserError]) { self.errors = errors }

  package init(_ code: UserError.Code, _ message: String, field: [String]? = nil) {
    errors = [UserError(code: code, message: message, field: field)]
  }

  /// The one answer for what does not exist and for what is somebody else's.
  package static func notFound(_ what: String, field: [String]) -> Refusal {
    Refusal(.notFound, "There is no such \(what).", field: field)
  }
}
