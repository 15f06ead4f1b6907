internal import Scenario
internal import Swarm
internal import World

/// What a load measured second by second, drawn on one axis of time.
struct LoadCharts {
  /// Points of a line; a longer load has several seconds in one.
  static let pointLimit = 240

  private let result: ScenarioResult
  private let points: [MetricsInterval]
  private let times: [Double]
  private let length: Double

  /// - Returns: `nil` for what is no load, or was over before it began.
  init?(_ result: ScenarioResult) {
    guard let first = result.intervals.first, let last = result.intervals.last else { return nil }
    self.result = result
    let group = (result.intervals.count + Self.pointLimit - 1) / Self.pointLimit
    points = stride(from: 0, to: result.intervals.count, by: group).map { start in
      let parts = result.intervals[start..<min(start + group, result.intervals.count)]
      return parts.dropFirst().reduce(parts[start]) { $0.adding($1, length: $0.length + $1.length) }
    }
    times = points.map { ($0.start - first.start).seconds + $0.length.seconds / 2 }
    length = max((last.start - first.start + last.length).seconds, 0.001)
  }

  func html(id: String) -> String {
    var text = phases(id: "\(id)-time")
    text += latency(
      .deliveryLatency, "Delivery latency: from one person's action to another's socket", id: "\(id)-delivery")
    text += latency(
      .operationDuration, "Operation duration: from the intended start to the response", id: "\(id)-operation")
    let rates: [(Metric, String)] = [
      (.iterations, "iterations"), (.eventsReceived, "events received"), (.connectDuration, "connections"),
    ]
    text += chart(rates, "Rates: what was done and what arrived, each second", id: "\(id)-rate")
    let trouble: [(Metric, String)] = [(.errors, "errors"), (.droppedIterations, "dropped iterations")]
    if points.contains(where: { point in trouble.contains { (point[$0.0]?.count ?? 0) > 0 } }) {
      text += chart(trouble, "Trouble: errors and iterations that found nobody free, each second", id: "\(id)-trouble")
    } else {
      text += "<p class=\"dim\">No errors, and no iteration was dropped.</p>\n"
    }
    return "<div class=\"wide\">\(text)</div>\n" + table
  }

  private func phases(id: String) -> String {
    var lanes: [(name: String, bars: [Lanes.Bar])] = []
    for phase in result.phases {
      let (start, length) = (phase.start.seconds, phase.length.seconds)
      let hint = "\(phase.name), from \(fixed(start, digits: 1)) s for \(fixed(length, digits: 1)) s"
      let style =
        phase.kind == .phase ? "phase-\(phase.name == "warm-up" ? "connecting" : phase.name)" : phase.kind.rawValue
      let bar = Lanes.Bar(start: start, length: length, name: phase.name, style: style, hint: hint)
      if let index = lanes.firstIndex(where: { $0.name == phase.lane }) {
        lanes[index].bars.append(bar)
      } else {
        lanes.append((phase.lane, [bar]))
      }
    }
    return lanes.isEmpty ? "" : Lanes(lanes: lanes, length: length).svg(id: id, title: "Timeline")
  }

  private func latency(_ metric: Metric, _ title: String, id: String) -> String {
    guard points.contains(where: { $0[metric] != nil }) else { return "" }
    var lines = [(50.0, "c1"), (95, "c2"), (99, "c3")].map { percentile, style in
      TimeChart.Line(
        name: "p\(Int(percentile))", style: style, values: points.map { $0[metric].map { $0.percentile(percentile) } })
    }
    if metric == .operationDuration {
      // From when it was sent: what an observer that waits for a stalled server would have seen.
      let values = points.map { $0[.serviceTime].map { $0.percentile(99) } }
      lines.append(TimeChart.Line(name: "service time p99", style: "c4", values: values))
    }
    var chart = TimeChart(title: title, unit: "ms", lines: lines, times: times, length: length)
    for threshold in result.thresholds.map(\.threshold)
    where threshold.metric == metric.rawValue && threshold.tag == nil {
      if case .percentile = threshold.aggregate { chart.limits.append((threshold.expression, threshold.limit)) }
    }
    return chart.svg(id: id)
  }

  private func chart(_ metrics: [(Metric, String)], _ title: String, id: String) -> String {
    let lines = zip(metrics, ["c1", "c2", "c4"]).map { metric, style in
      TimeChart.Line(name: metric.1, style: style, values: points.map { rate(metric.0, $0) })
    }
    return TimeChart(title: title, unit: "", lines: lines, times: times, length: length).svg(id: id)
  }

  private func rate(_ metric: Metric, _ point: MetricsInterval) -> Double? {
    let seconds = point.length.seconds
    return seconds > 0 ? Double(point[metric]?.count ?? 0) / seconds : nil
  }

  private var table: String {
    var text = "<details><summary>The same as a table</summary>\n<table><tr>"
    for name in [
      "from", "delivery p50", "p95", "p99", "operation p95", "iterations/s", "events/s", "errors", "dropped",
    ] {
      text += "<th>\(name)</th>"
    }
    for (point, middle) in zip(points, times) {
      let delivery = point[.deliveryLatency]
      var cells = ["\(SVG.number(middle - point.length.seconds / 2)) s"]
      cells += [50.0, 95, 99].map { percentile in delivery.map { readable($0.percentile(percentile), unit: "ms") } ?? ""
      }
      cells.append(point[.operationDuration].map { readable($0.percentile(95), unit: "ms") } ?? "")
      cells += [Metric.iterations, .eventsReceived].map { readable(rate($0, point) ?? 0, unit: "") }
      cells += [Metric.errors, .droppedIterations].map { "\(point[$0]?.count ?? 0)" }
      text += "</tr>\n<tr>" + cells.map { "<td>\($0)</td>" }.joined()
    }
    return text + "</tr>\n</table></details>\n"
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
