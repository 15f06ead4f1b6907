/// The limits that a server keeps to, whatever carries its bytes.
package struct ServerConfiguration: Sendable {
  /// The most bytes of a request's body; more is answered with 413.
  package var bodyLimit = 1 << 20
  /// The most bytes of a request's target, and so of a GET's query; more is answered with 414.
  package var targetLimit = 16 << 10
  /// The most bytes of one message from a socket; more closes it with 1009.
  package var messageLimit = 1 << 20
  /// The most operations that one socket may have at once; one more is answered with an error.
  package var operationsPerSocket = 256
  /// The most fences that one socket may wait for at once; one more closes it with 1008.
  package var fencesPerSocket = 64
  /// How long a socket may take until its `connection_init`; then it is closed with 4408.
  package var initialisationTimeout: Duration = .seconds(10)
  /// How long a socket may be silent; it is asked by a ping after half of that, and closed with 1001 in the end. An
  /// event stream is sent a comment four times within it, so that proxies do not take it for dead.
  package var silenceLimit: Duration = .seconds(90)
  /// The most messages that may wait for one socket or event stream; one more closes it with 1008.
  package var outboundMessages = 4096
  /// The most bytes that may wait for one socket or event stream; more closes it with 1008.
  package var outboundBytes = 16 << 20
  package var persistedOperations = PersistedOperationsPolicy.automatic
  /// The most documents, and the most bytes of them, that automatic persisted operations keep.
  package var persistedDocuments = 1000
  package var persistedBytes = 8 << 20
  /// The origins, beside the server's own host, whose pages may open a socket and read answers; `*` is any, and `nil`
  /// asks nobody. A request without `Origin` is not from a browser and is let in: tokens, not cookies, say who calls.
  package var allowedOrigins: [String]?
  /// How often one session may send a request or begin an operation on a socket; more is answered with 429 or an error
  /// of code `RATE_LIMITED`.
  package var sessionRate: RateLimit?
  /// The same for one network address, which counts opening a socket too.
  package var addressRate: RateLimit?
  /// Whether the address is what a proxy in front of us says in `X-Forwarded-For`.
  package var trustsForwardedAddress = false
  /// The bearer token that `/metrics` wants; `nil` shows it to anybody.
  package var metricsToken: String?

  package init() {}
}
