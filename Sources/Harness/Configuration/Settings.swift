internal import Collaboration
internal import Server

/// Every setting of `rehearse serve`, in the order in which they are shown.
enum Settings {
  static let all: [Setting] = listening + data + limits + network + observing + faults

  static let names: [String] = all.map(\.name)

  private static let listening: [Setting] = [
    .text("host", \.host),
    .integer("port", 0...65_535, \.port),
    .integer("event-loops", 1...256, \.eventLoops),
    .list("allowed-origin", \.allowedOrigins),
    .flag("trust-forwarded-for", \.server.trustsForwardedAddress),
    .duration("drain-deadline", \.drainDeadline),
  ]

  private static let data: [Setting] = [
    .database,
    .flag("migrate", \.migrate),
    .organization,
    .text("audience", \.product.audience),
    .duration("session-lifetime", \.product.sessionLifetime),
    .duration("presence-lease", \.product.presenceLease),
    .duration("typing-lease", \.product.typingLease),
    .text("attachments", \.attachments),
    .duration("attachment-retention", \.product.attachmentRetention),
    .duration("event-retention", \.product.eventRetention),
    .duration("idempotency-retention", \.product.idempotencyRetention),
    .duration("housekeeping-interval", \.housekeepingInterval),
    .webhook,
    .webhookSecret,
  ]

  private static let limits: [Setting] = [
    .rate("session-rate", \.sessionRate),
    .integer("session-burst", 1...1_000_000, \.sessionBurst),
    .rate("address-rate", \.addressRate),
    .integer("address-burst", 1...1_000_000, \.addressBurst),
    .integer("connections", 1...10_000_000, \.network.connections),
    .integer("connections-per-address", 0...10_000_000, \.connectionsPerAddress),
    .integer("operations-per-socket", 1...1_000_000, \.server.operationsPerSocket),
    .integer("fences-per-socket", 1...1_000_000, \.server.fencesPerSocket),
    .integer("pages-per-socket", 1...1_000_000, \.product.pagesPerSocket),
    .integer("outbound-messages", 1...10_000_000, \.server.outboundMessages),
    .integer("outbound-bytes", 1...Int(UInt32.max), \.server.outboundBytes),
    .integer("body-limit", 1...Int(UInt32.max), \.server.bodyLimit),
    .integer("target-limit", 1...65_536, \.server.targetLimit),
    .integer("message-limit", 1...Int(UInt32.max), \.server.messageLimit),
    .choice("persisted-operations", \.persistedOperations),
    .integer("persisted-documents", 1...1_000_000, \.server.persistedDocuments),
    .integer("persisted-bytes", 1...Int(UInt32.max), \.server.persistedBytes),
  ]

  private static let network: [Setting] = [
    .integer("backlog", 1...65_535, \.network.backlog),
    .integer("pipelined-requests", 1...10_000, \.network.pipelined),
    .duration("idle-timeout", \.network.idle),
    .duration("body-timeout", \.network.body),
    .duration("close-timeout", \.network.closeHandshake),
    .duration("initialisation-timeout", \.server.initialisationTimeout),
    .duration("silence-limit", \.server.silenceLimit),
  ]

  private static let observing: [Setting] = [
    .choice("log-level", \.logLevel),
    .choice("log-format", \.logFormat),
    .metricsToken,
  ]

  /// What a server must not have that people use.
  private static let faults: [Setting] = [.factor("slowdown", 1...10, \.slowdown)]
}
