import ArgumentParser
import Harness

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The collaboration server itself.",
    discussion: """
      SIGTERM drains: no new connections, what runs is finished, sockets are closed with 1001, exit code 0.

      Every option is a setting that can also stand in a file ('drain-deadline: 30s') or in the environment \
      (REHEARSAL_DRAIN_DEADLINE); docs/operations.md lists them with their defaults. A flag goes before the \
      environment, that before the file.
      """,
    subcommands: [Keys.self])

  @Option(help: "A file of settings, YAML or JSON.", completion: .file(extensions: ["yaml", "json"]))
  var config: String?

  @Flag(help: "Print every setting, its value and where it came from, and end.")
  var printConfig = false

  @OptionGroup(title: "Serving") var serving: ServingFlags
  @OptionGroup(title: "Data") var data: DataFlags
  @OptionGroup(title: "Limits") var limits: LimitFlags
  @OptionGroup(title: "Watching") var watching: WatchingFlags
  @OptionGroup(title: "Faults") var faults: FaultFlags

  /// The settings of the command line, the environment and the file.
  func settings() throws -> ServeConfiguration {
    let flags = serving.settings + data.settings + limits.settings + watching.settings + faults.settings
    return try ServeConfiguration(
      flags: flags.filter { !$0.values.isEmpty }, file: config, environment: ProcessEnvironment.all)
  }

  func run() async throws {
    let configuration = try settings()
    if printConfig { return Terminal.write(configuration.text) }
    try await interruptible(patience: configuration.patience) { try await Serving.perform(configuration) }
  }
}

/// A setting as the command line has it: no values where it is not named.
typealias FlaggedSetting = (name: String, values: [String])

struct ServingFlags: ParsableArguments {
  @Option(help: "The address to listen on.") var host: String?
  @Option(help: "The port to listen on; 0 for any that is free.") var port: String?
  @Option(help: "Threads that carry connections.") var eventLoops: String?
  @Option(help: "An origin whose pages may use the API beside the server's own; * for any; may be repeated.")
  var allowedOrigin: [String] = []
  @Flag(inversion: .prefixedNo, help: "A proxy says in X-Forwarded-For where a request comes from.")
  var trustForwardedFor: Bool?
  @Option(help: "How long what runs may take to finish after SIGTERM.") var drainDeadline: String?

  var settings: [FlaggedSetting] {
    [
      ("host", values(host)), ("port", values(port)), ("event-loops", values(eventLoops)),
      ("allowed-origin", allowedOrigin), ("trust-forwarded-for", values(trustForwardedFor)),
      ("drain-deadline", values(drainDeadline)),
    ]
  }
}

struct DataFlags: ParsableArguments {
  @Option(help: "sqlite, postgres (both removed at the end), or a URL (postgres://…, sqlite:PATH).")
  var database: String?
  @Flag(inversion: .prefixedNo, help: "Bring the schema of the database at a URL up to this build's first.")
  var migrate: Bool?
  @Option(
    help: ArgumentHelp(
      "An organization that is to be there, with the secret of at least 32 bytes that signs its client tokens, or "
        + "@ and the file that holds it; may be repeated.", valueName: "slug=secret"))
  var organization: [String] = []
  @Option(help: "What the 'aud' of client tokens must name.") var audience: String?
  @Option(help: "How long a session lasts.") var sessionLifetime: String?
  @Option(help: "How long a silent connection keeps its presences; a number alone is milliseconds.")
  var presenceLease: String?
  @Option(help: "How long somebody is shown as writing who does not say so again.") var typingLease: String?
  @Option(help: "A folder for the bytes of attachments, or 'memory', where they are gone at the end.")
  var attachments: String?
  @Option(help: "How long an attachment is kept that is not sent.") var attachmentRetention: String?
  @Option(help: "How long a client may be away and still be sent what it missed.") var eventRetention: String?
  @Option(help: "How long a mutation may be repeated with its idempotency key.") var idempotencyRetention: String?
  @Option(help: "How often what is kept for a while only is looked through.") var housekeepingInterval: String?
  @Option(help: "An http:// URL that notifications are posted to.") var webhook: String?
  @Option(help: "The secret of at least 32 bytes that they are signed with, or @ and the file that holds it.")
  var webhookSecret: String?

  var settings: [FlaggedSetting] {
    [
      ("database", values(database)), ("migrate", values(migrate)), ("organization", organization),
      ("audience", values(audience)), ("session-lifetime", values(sessionLifetime)),
      ("presence-lease", values(presenceLease)), ("typing-lease", values(typingLease)),
      ("attachments", values(attachments)), ("attachment-retention", values(attachmentRetention)),
      ("event-retention", values(eventRetention)),
      ("idempotency-retention", values(idempotencyRetention)),
      ("housekeeping-interval", values(housekeepingInterval)),
      ("webhook", values(webhook)), ("webhook-secret", values(webhookSecret)),
    ]
  }
}

struct LimitFlags: ParsableArguments {
  @Option(help: "How often one session may ask, such as 50/s; or off.") var sessionRate: String?
  @Option(help: "How often at once.") var sessionBurst: String?
  @Option(help: "How often one network address may ask, such as 200/s; or off.") var addressRate: String?
  @Option(help: "How often at once.") var addressBurst: String?
  @Option(help: "Connections at once.") var connections: String?
  @Option(help: "Connections at once from one address; 0 for no limit.") var connectionsPerAddress: String?
  @Option(help: "Operations at once on one socket.") var operationsPerSocket: String?
  @Option(help: "Fences at once on one socket.") var fencesPerSocket: String?
  @Option(help: "Pages that one socket may be on.") var pagesPerSocket: String?
  @Option(help: "Messages that may wait for one socket.") var outboundMessages: String?
  @Option(help: "Bytes that may wait for one socket.") var outboundBytes: String?
  @Option(help: "Bytes of a request's body.") var bodyLimit: String?
  @Option(help: "Bytes of a request's target.") var targetLimit: String?
  @Option(help: "Bytes of one message on a socket.") var messageLimit: String?
  @Option(help: "Whether clients may name documents by their digests: automatic or off.")
  var persistedOperations: String?
  @Option(help: "Documents that are kept by their digests.") var persistedDocuments: String?
  @Option(help: "Bytes of them.") var persistedBytes: String?
  @Option(help: "Connections that may wait to be accepted.") var backlog: String?
  @Option(help: "Requests that may wait on one connection.") var pipelinedRequests: String?
  @Option(help: "How long a connection may go without a request.") var idleTimeout: String?
  @Option(help: "How long a request's body may take.") var bodyTimeout: String?
  @Option(help: "How long a peer may take to answer a close frame.") var closeTimeout: String?
  @Option(help: "How long a socket may take until its connection_init.") var initialisationTimeout: String?
  @Option(help: "How long a socket may be silent.") var silenceLimit: String?

  var settings: [FlaggedSetting] { counts + times }

  private var counts: [FlaggedSetting] {
    [
      ("session-rate", values(sessionRate)), ("session-burst", values(sessionBurst)),
      ("address-rate", values(addressRate)), ("address-burst", values(addressBurst)),
      ("connections", values(connections)), ("connections-per-address", values(connectionsPerAddress)),
      ("operations-per-socket", values(operationsPerSocket)), ("fences-per-socket", values(fencesPerSocket)),
      ("pages-per-socket", values(pagesPerSocket)), ("outbound-messages", values(outboundMessages)),
      ("outbound-bytes", values(outboundBytes)), ("body-limit", values(bodyLimit)),
      ("target-limit", values(targetLimit)), ("message-limit", values(messageLimit)),
    ]
  }

  private var times: [FlaggedSetting] {
    [
      ("persisted-operations", values(persistedOperations)), ("persisted-documents", values(persistedDocuments)),
      ("persisted-bytes", values(persistedBytes)), ("backlog", values(backlog)),
      ("pipelined-requests", values(pipelinedRequests)), ("idle-timeout", values(idleTimeout)),
      ("body-timeout", values(bodyTimeout)), ("close-timeout", values(closeTimeout)),
      ("initialisation-timeout", values(initialisationTimeout)), ("silence-limit", values(silenceLimit)),
    ]
  }
}

struct WatchingFlags: ParsableArguments {
  @Option(help: "What is logged: error, warning, info or debug.") var logLevel: String?
  @Option(help: "How it is logged: json or text.") var logFormat: String?
  @Option(help: "The bearer token that /metrics wants, or @ and the file that holds it.") var metricsToken: String?

  var settings: [FlaggedSetting] {
    [
      ("log-level", values(logLevel)), ("log-format", values(logFormat)), ("metrics-token", values(metricsToken)),
    ]
  }
}

struct FaultFlags: ParsableArguments {
  @Option(help: "How many times the processor time this server needs, to try a gate; ephemeral databases only.")
  var slowdown: String?

  var settings: [FlaggedSetting] { [("slowdown", values(slowdown))] }
}

private func values(_ text: String?) -> [String] { text.map { [$0] } ?? [] }

private func values(_ flag: Bool?) -> [String] { flag.map { [String($0)] } ?? [] }
