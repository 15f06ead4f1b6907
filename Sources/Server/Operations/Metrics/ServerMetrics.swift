internal import GraphQL
internal import World

/// What came of an operation, by the name that metrics and logs have for it.
enum OperationOutcome: String, CaseIterable {
  case data, partial
  case requestError = "request_error"
  /// A subscription is live.
  case started
  case rateLimited = "rate_limited"

  init(_ outcome: GraphQLResult.Outcome) {
    self =
      switch outcome {
      case .data: .data
      case .partial: .partial
      case .requestError: .requestError
      }
  }
}

/// What a server counts of itself, from its start.
final class ServerMetrics: Sendable {
  /// What a document that could not be read is counted as.
  static let unknownKind = "unknown"
  private static let kinds = OperationKind.allCases.map(\.rawValue) + [unknownKind]

  /// Those that are open now.
  let connections = Counter()
  let sockets = Counter()
  let eventStreams = Counter()
  let subscriptions = Counter()
  let socketsOpened = Counter()
  let received = Counter()
  let sent = Counter()
  let delivered = Counter()
  let overflows = Counter()
  let connectionsRefused = Counter()
  /// By the first digit of the status.
  private let requests = (0..<6).map { _ in Counter() }
  /// Kind by kind, each by its outcomes.
  private let operations = (0..<(kinds.count * OperationOutcome.allCases.count)).map { _ in Counter() }
  private let durations = kinds.map { _ in DurationHistogram() }

  func request(status: Int) {
    if requests.indices.contains(status / 100) { requests[status / 100].add() }
  }

  func operation(_ kind: OperationKind?, _ outcome: OperationOutcome, took duration: Duration) {
    let row = Self.kinds.firstIndex(of: kind?.rawValue ?? Self.unknownKind) ?? 0
    let column = OperationOutcome.allCases.firstIndex(of: outcome) ?? 0
    operations[row * OperationOutcome.allCases.count + column].add()
    durations[row].add(duration)
  }

  var families: [MetricFamily] {
    let byStatus = (1...5).map { digit in
      MetricFamily.Sample(labels: [("status", "\(digit)xx")], Double(requests[digit].value))
    }
    return [
      MetricFamily(
        "rehearsal_http_requests_total", .counter, "HTTP requests answered, by the class of their status.", byStatus),
      MetricFamily(
        "rehearsal_graphql_operations_total", .counter, "GraphQL operations, by kind and outcome.", byOutcome),
      MetricFamily(
        "rehearsal_graphql_operation_duration_seconds", .histogram,
        "From an operation's arrival to its result; of a subscription, until it is live.", durationSamples),
      MetricFamily("rehearsal_connections_open", .gauge, "TCP connections that are open.", connections.value),
      MetricFamily("rehearsal_sockets_open", .gauge, "WebSockets that are open.", sockets.value),
      MetricFamily("rehearsal_sockets_opened_total", .counter, "WebSockets that were opened.", socketsOpened.value),
      MetricFamily("rehearsal_event_streams_open", .gauge, "Event streams that are open.", eventStreams.value),
      MetricFamily("rehearsal_subscriptions_running", .gauge, "Subscriptions that are live.", subscriptions.value),
      MetricFamily(
        "rehearsal_events_delivered_total", .counter, "Events put into the queue of a socket or event stream.",
        delivered.value),
      MetricFamily(
        "rehearsal_outbound_overflows_total", .counter,
        "Sockets and event streams closed because their queue was full.",
        overflows.value),
      MetricFamily(
        "rehearsal_network_received_bytes_total", .counter, "Bytes received from the network.", received.value),
      MetricFamily("rehearsal_network_sent_bytes_total", .counter, "Bytes sent to the network.", sent.value),
    ]
  }

  private var byOutcome: [MetricFamily.Sample] {
    var samples: [MetricFamily.Sample] = []
    var index = 0
    for kind in Self.kinds {
      for outcome in OperationOutcome.allCases {
        let labels = [(name: "kind", value: kind), (name: "outcome", value: outcome.rawValue)]
        samples.append(MetricFamily.Sample(labels: labels, Double(operations[index].value)))
        index += 1
      }
    }
    return samples
  }

  private var durationSamples: [MetricFamily.Sample] {
    var samples: [MetricFamily.Sample] = []
    for (kind, histogram) in zip(Self.kinds, durations) {
      let snapshot = histogram.snapshot
      let label = (name: "kind", value: kind)
      for (bound, count) in zip(DurationHistogram.bounds, snapshot.atMost) {
        let labels = [label, (name: "le", value: MetricsText.number(bound))]
        samples.append(MetricFamily.Sample(suffix: "_bucket", labels: labels, Double(count)))
      }
      let all = Double(snapshot.count)
      samples.append(MetricFamily.Sample(suffix: "_bucket", labels: [label, (name: "le", value: "+Inf")], all))
      samples.append(MetricFamily.Sample(suffix: "_sum", labels: [label], snapshot.sum))
      samples.append(MetricFamily.Sample(suffix: "_count", labels: [label], all))
    }
    return samples
  }
}
