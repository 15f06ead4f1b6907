/// What a metric measures decides which aggregates it has.
package enum MetricKind: Sendable {
  /// Milliseconds of single events.
  case duration
  /// How many, and how many a second.
  case counter
  /// How many, and which share of all.
  case share
}

/// The metrics of a load run, under the names that thresholds use.
package enum Metrics {
  package static let kinds: [(name: String, kind: MetricKind)] = [
    ("delivery_latency", .duration), ("operation_duration", .duration), ("service_time", .duration),
    ("connect_duration", .duration), ("errors", .share), ("checks", .share), ("iterations", .counter),
    ("dropped_iterations", .counter), ("bytes_sent", .counter), ("bytes_received", .counter),
    ("events_received", .counter),
  ]

  /// By what a metric's samples can be told apart.
  static func tags(of name: String) -> [MetricTag.Key] {
    switch name {
    case "delivery_latency", "events_received": [.event]
    case "operation_duration", "service_time", "errors": [.action, .journey, .profile]
    case "iterations": [.journey, .profile]
    case "dropped_iterations": [.profile]
    default: []
    }
  }

  static func kind(of name: String) -> MetricKind? { kinds.first { $0.name == name }?.kind }
}

/// Why a text is no threshold.
struct ThresholdError: Error, Equatable {
  var message: String
  /// Offset of the character that does not fit.
  var offset: Int
}

extension Threshold {
  private static var aggregateNames: [(String, Aggregate)] {
    [
      ("avg", .average), ("min", .minimum), ("max", .maximum), ("med", .median), ("count", .count), ("rate", .rate),
    ]
  }

  /// Reads `aggregate comparison number`: `p(95)<200`, `avg < 50`, `rate<=0.01`, `count==0`.
  static func parse(
    _ expression: String, metric: String, kind: MetricKind, mark: Mark
  ) throws(ThresholdError) -> Threshold {
    let operators: Set<Character> = ["<", ">", "=", "!"]
    let left = expression.prefix { !operators.contains($0) }
    let symbol = expression.dropFirst(left.count).prefix { operators.contains($0) }
    let right = expression.dropFirst(left.count + symbol.count).trimmingSpaces
    let name = left.trimmingSpaces
    guard let aggregate = try aggregate(name) else {
      let names = ["p(95)"] + aggregateNames.map(\.0)
      let hint = Suggestion.hint(for: String(name), among: names)
      throw ThresholdError(message: "'\(name)' is no aggregate.\(hint)", offset: 0)
    }
    guard let comparison = Comparison(rawValue: String(symbol)) else {
      let found = symbol.isEmpty ? "no comparison" : "'\(symbol)'"
      throw ThresholdError(message: "There is \(found) where one of < <= > >= == != was expected", offset: left.count)
    }
    guard let limit = Quantities.signedNumber(right) else {
      let message = "'\(right)' is no number; durations are compared in milliseconds, without a unit"
      throw ThresholdError(message: message, offset: left.count + symbol.count)
    }
    guard aggregate.fits(kind) else {
      let valid = kind == .duration ? "p(…), avg, min, max, med, count" : "count, rate"
      throw ThresholdError(message: "'\(metric)' has no '\(name)'; it has \(valid)", offset: 0)
    }
    return Threshold(
      metric: metric, expression: expression, aggregate: aggregate, comparison: comparison, limit: limit, mark: mark)
  }

  /// Reads a threshold that an earlier run wrote down.
  /// - Parameter series: the metric, with its tag if it has one.
  /// - Returns: `nil` when it is none.
  package static func stored(_ series: String, _ expression: String, mark: Mark) -> Threshold? {
    let metric = String(series.prefix { $0 != "{" })
    guard let kind = Metrics.kind(of: metric) else { return nil }
    guard var threshold = try? parse(expression, metric: metric, kind: kind, mark: mark) else { return nil }
    if series != metric {
      let parts = series.dropFirst(metric.count + 1).dropLast().split(separator: ":", maxSplits: 1).map(String.init)
      guard series.hasSuffix("}"), parts.count == 2, let key = MetricTag.Key(rawValue: parts[0]) else { return nil }
      threshold.tag = MetricTag(key, parts[1])
    }
    return threshold
  }

  private static func aggregate(_ name: Substring) throws(ThresholdError) -> Aggregate? {
    if let known = aggregateNames.first(where: { $0.0 == name }) { return known.1 }
    guard name.hasPrefix("p("), name.hasSuffix(")") else { return nil }
    let inner = name.dropFirst(2).dropLast()
    guard let percentile = Quantities.signedNumber(inner), percentile >= 0, percentile <= 100 else {
      throw ThresholdError(message: "'\(inner)' is no percentile from 0 to 100", offset: 2)
    }
    return .percentile(percentile)
  }
}

extension Threshold.Aggregate {
  fileprivate func fits(_ kind: MetricKind) -> Bool {
    switch self {
    case .count: true
    case .rate: kind != .duration
    default: kind == .duration
    }
  }
}

extension Substring {
  var trimmingSpaces: Substring {
    var result = self
    while result.first == " " { result = result.dropFirst() }
    while result.last == " " { result = result.dropLast() }
    return result
  }
}
