internal import Cryptography
internal import World

/// Where notifications are told outside: to a program of the operator's, that sends mails or whatever it likes.
package struct Webhook: Sendable {
  /// How often the queue is looked through.
  package static let usualInterval: Duration = .milliseconds(500)
  /// The fewest bytes of a secret: as many as the digest has (RFC 2104, section 3).
  package static let shortestSecret = 32

  let sender: any WebhookSender
  let secret: [UInt8]
  let interval: Duration?

  /// - Parameters:
  ///   - secret: what requests are signed with; at least ``shortestSecret`` bytes.
  ///   - interval: how often the queue is looked through; `nil`: only by ``Collaboration/deliverWebhooks()``.
  package init(sender: any WebhookSender, secret: [UInt8], interval: Duration? = Self.usualInterval) {
    self.sender = sender
    self.secret = secret
    self.interval = interval
  }

  /// The value of `X-Rehearsal-Signature`: a version, and HMAC-SHA-256 of the time, a dot and the body.
  package static func signature(secret: [UInt8], timestamp: String, body: [UInt8]) -> String {
    "v1=" + hexadecimal(hmacSHA256(key: secret, Array(timestamp.utf8) + [UInt8(ascii: ".")] + body))
  }
}

/// A request to the webhook: `POST`, JSON.
package struct WebhookMessage: Sendable {
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]
}

/// What carries requests to the webhook.
package protocol WebhookSender: Sendable {
  /// Posts a message and waits for the answer, much less long than ``WebhookQueue/lease``.
  /// - Returns: the answer's status.
  func post(_ message: WebhookMessage) async throws -> Int
}

/// A notification that the webhook did not take, however often it was told.
package struct DeadWebhook: Hashable, Sendable {
  package let id: String
  package let attempts: Int
  package let lastError: String
}
