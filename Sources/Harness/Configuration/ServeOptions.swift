internal import Collaboration
internal import Scenario
internal import Server

/// What `rehearse serve` is to do: every setting with its default.
struct ServeOptions: Sendable {
  struct Organization: Hashable, Sendable {
    var slug: String
    var secret: String
  }

  var host = "127.0.0.1"
  /// 0 for any that is free.
  var port = 4000
  var eventLoops = 2
  var database = DatabaseChoice.sqlite
  /// Bring the database's schema up to this build's before serving.
  var migrate = false
  /// Organizations that are to be there, each with the secret that signs its client tokens.
  var organizations: [Organization] = []
  /// A folder for the bytes of attachments, or ``memory``.
  var attachments = ServeOptions.memory
  static let memory = "memory"
  var product: Collaboration.Settings
  /// How often what is kept for a while only is looked through.
  var housekeepingInterval: Duration = .seconds(60)
  /// Where notifications are posted; empty for nowhere.
  var webhook = ""
  /// What that is signed with; empty where there is no webhook.
  var webhookSecret = ""
  var server: ServerConfiguration
  var network = NetworkLimits()
  /// Requests a second, and how many at once; `nil` for no limit.
  var sessionRate: Double?
  var sessionBurst = 100
  var addressRate: Double?
  var addressBurst = 200
  /// 0 for no limit.
  var connectionsPerAddress = 0
  var persistedOperations = PersistedOperationsChoice.automatic
  var metricsToken = ""
  var allowedOrigins: [String] = []
  /// How long what runs may take to finish after SIGTERM.
  var drainDeadline: Duration = .seconds(10)
  /// How many times as much of the processor the server needs: a fault.
  var slowdown = 1.0
  var logLevel = LogLevel.info
  var logFormat = LogFormat.json

  enum PersistedOperationsChoice: String, CaseIterable, Sendable { case automatic, off }

  init() {
    product = Collaboration.Settings()
    server = ServerConfiguration()
  }

  /// The server's configuration with everything that settings say in other words.
  var serverConfiguration: ServerConfiguration {
    var result = server
    result.allowedOrigins = allowedOrigins
    result.sessionRate = sessionRate.map { RateLimit(perSecond: $0, burst: sessionBurst) }
    result.addressRate = addressRate.map { RateLimit(perSecond: $0, burst: addressBurst) }
    result.metricsToken = metricsToken.isEmpty ? nil : metricsToken
    result.persistedOperations = persistedOperations == .off ? .off : .automatic
    // The transport's own limit on silence must not be what ends a presence that the lease should end.
    result.silenceLimit = max(result.silenceLimit, product.presenceLease * 2)
    return result
  }

  var networkLimits: NetworkLimits {
    var result = network
    result.connectionsPerAddress = connectionsPerAddress == 0 ? nil : connectionsPerAddress
    return result
  }

  var productSettings: Collaboration.Settings {
    var result = product
    result.housekeepingInterval = housekeepingInterval
    return result
  }
}
