internal import Cryptography
internal import GraphQL
internal import JSON
internal import Wire
internal import World

extension ServerCore {
  /// The answer to `GET /metrics`.
  func metricsPage() async -> HTTPResponse {
    var families = [
      MetricFamily(
        "rehearsal_build_info", .gauge, "What is deployed; always 1.",
        [MetricFamily.Sample(labels: Self.labels(await service.version), 1)]),
      MetricFamily(
        "process_start_time_seconds", .gauge, "When the server started, in seconds since 1970.",
        [MetricFamily.Sample(Double(startedAt.milliseconds) / 1000)]),
    ]
    families += metrics.families
    families.append(limitMetrics)
    if let log {
      families.append(
        MetricFamily(
          "rehearsal_log_lines_dropped_total", .counter, "Lines of the log that found its queue full.",
          log.droppedCount))
    }
    families += await service.metrics
    return HTTPResponse(
      status: 200, headers: ["Content-Type": MetricsText.contentType], body: Array(MetricsText.text(families).utf8))
  }

  func mayReadMetrics(_ request: HTTPRequest) -> Bool {
    guard let wanted = configuration.metricsToken else { return true }
    guard case .token(let given) = BearerToken(request.headers) else { return false }
    return equalInConstantTime(Array(wanted.utf8), Array(given.utf8))
  }

  static var metricsRefusal: HTTPResponse {
    var response = refusal(401, "Metrics are shown to those who have their token.", code: "UNAUTHENTICATED")
    response.headers.add("WWW-Authenticate", "Bearer")
    return response
  }

  /// The members of ``GraphQLService/version`` as labels: `schemaHash` becomes `schema_hash`.
  private static func labels(_ version: JSONObject) -> [(name: String, value: String)] {
    version.members.map { key, value in
      let name = key.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : String($1) }
      return (name, value.string ?? "")
    }
  }
}
