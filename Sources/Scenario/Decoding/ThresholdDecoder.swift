internal import JSON

/// Makes thresholds of a node whose shape has been checked: `metric` or `metric{tag:value}` to limits.
struct ThresholdDecoder {
  let report: FileReport
  let actions: ActionFolder
  let load: LoadModel?

  func thresholds(_ node: YAMLNode?) -> [Threshold] {
    var thresholds: [Threshold] = []
    for entry in node?.entries ?? [] {
      let name = entry.key.prefix { $0 != "{" }.trimmingSpaces
      guard let kind = Metrics.kind(of: String(name)) else {
        let hint = Suggestion.hint(for: String(name), among: Metrics.kinds.map(\.name))
        report.error(.unknownMetric, entry.keyNode, "There is no metric '\(name)'.\(hint)")
        continue
      }
      guard let selector = selector(entry, of: String(name)) else { continue }
      for element in entry.value.elements ?? [entry.value] {
        let place = element["threshold"] ?? element
        guard let text = place.scalar?.text, !text.isEmpty else { continue }
        do throws(ThresholdError) {
          var threshold = try Threshold.parse(text, metric: String(name), kind: kind, mark: report.source.mark(place))
          threshold.tag = selector.tag
          let delay = element["delayAbortEval"]
          if element["abortOnFail"]?.scalar?.json == .bool(true) {
            threshold.abortAfter = delay?.duration ?? .zero
          } else if let delay {
            report.error(.conflictingKeys, delay, "'delayAbortEval' means something only with 'abortOnFail: true'.")
          }
          thresholds.append(threshold)
        } catch {
          let mark = report.source.mark(line: 1, column: error.offset + 1, in: place)
          report.error(
            .badThreshold, at: mark, "\(error.message). A threshold is written as in p(95)<200 or rate<0.01.".tidied)
        }
      }
    }
    return thresholds
  }

  /// What stands in braces behind the metric; `nil` when it makes no sense, which is reported.
  private func selector(_ entry: YAMLEntry, of metric: String) -> (tag: MetricTag?, Void)? {
    let rest = entry.key.drop { $0 != "{" }
    guard !rest.isEmpty else { return (nil, ()) }
    let keys = Metrics.tags(of: metric)
    let parts = rest.dropFirst().dropLast().split(separator: ":", maxSplits: 1).map(\.trimmingSpaces)
    guard rest.hasSuffix("}"), parts.count == 2, let value = parts.last, !value.isEmpty else {
      report.error(.badThreshold, entry.keyNode, "'\(rest)' is no tag; one is written as in {action:sendMessage}.")
      return nil
    }
    guard let key = MetricTag.Key(rawValue: String(parts[0])), keys.contains(key) else {
      let names = keys.map(\.rawValue).joined(separator: ", ")
      report.error(
        .badThreshold, entry.keyNode,
        "'\(metric)' has no tag '\(parts[0])'; it has \(names.isEmpty ? "none" : names).")
      return nil
    }
    let known = values(of: key)
    guard known.contains(String(value)) else {
      let hint = Suggestion.hint(for: String(value), among: known)
      report.error(.unknownName, entry.keyNode, "There is no \(key.rawValue) '\(value)'.\(hint)")
      return nil
    }
    return (MetricTag(key, String(value)), ())
  }

  private func values(of key: MetricTag.Key) -> [String] {
    switch key {
    case .action: actions.catalog.operations.values.filter { $0.kind != .subscription }.map(\.name).sorted()
    case .event: actions.catalog.operations.values.filter { $0.kind == .subscription }.map(\.name).sorted()
    case .journey: load?.allJourneys.map(\.name) ?? []
    case .profile: load?.profiles.map(\.name) ?? []
    }
  }
}

extension String {
  /// Without a full stop after another mark that ends a sentence.
  fileprivate var tidied: String { replacing("?.", with: "?").replacing("..", with: ".") }
}
