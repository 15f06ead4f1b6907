/// A transport's end of one subscription. The calls are synchronous and never block: they append to the socket's
/// outbound queue. None comes after `complete` or `fail`.
package protocol Subscriber: AnyObject, Sendable {
  /// One event's response map.
  func next(_ payload: SharedPayload)
  /// The stream has ended.
  func complete()
  /// The stream has ended by an error; `errors` is a JSON array of errors.
  func fail(_ errors: [UInt8])
}

/// A response map encoded once for all subscribers who get the same; sockets share its bytes.
package final class SharedPayload: Sendable {
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }
}

/// A running subscription.
package protocol SubscriptionHandle: Sendable {
  /// Ends it without a word to the subscriber; safe to call twice.
  func cancel()
}

package enum SubscribeOutcome: Sendable {
  case active(any SubscriptionHandle)
  /// The request error result: not permitted, no such thing, or the resolver failed.
  case refused(GraphQLResult)
}
