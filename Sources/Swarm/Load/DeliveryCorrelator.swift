internal import JSON
internal import Scenario
private import Synchronization
internal import World

/// Joins what was caused with what arrived, in whichever order the two become known, and measures the time between: from
/// the intended start of the operation to the arrival at each subscriber.
final class DeliveryCorrelator: Sendable {
  /// The most things that wait for their events, and the most events that wait for their causes; the oldest give way.
  static let limit = 65_536

  private struct Key: Hashable {
    let stream: Int
    let id: JSON
  }

  private struct State {
    var causes: [Key: Instant] = [:]
    var causeOrder = ArraySlice<Key>()
    var early: [Key: [Instant]] = [:]
    var earlyOrder = ArraySlice<Key>()
    var discarded = 0
  }

  private let metrics: MetricsRecorder
  private let byCause: [String: [(stream: Int, rule: DeliveryRule)]]
  private let byEvent: [String: [(stream: Int, rule: DeliveryRule)]]
  private let state = Mutex(State())

  init(_ rules: [DeliveryRule], metrics: MetricsRecorder) {
    self.metrics = metrics
    // Rules whose events are the same things share a stream, so that one event is measured once.
    var streams: [DeliveryRule] = []
    var byCause: [String: [(stream: Int, rule: DeliveryRule)]] = [:]
    var byEvent: [String: [(stream: Int, rule: DeliveryRule)]] = [:]
    for rule in rules {
      let known = streams.firstIndex { $0.event == rule.event && $0.eventID == rule.eventID }
      let stream = known ?? streams.count
      if known == nil {
        streams.append(rule)
        byEvent[rule.event, default: []].append((stream, rule))
      }
      byCause[rule.cause, default: []].append((stream, rule))
    }
    self.byCause = byCause
    self.byEvent = byEvent
  }

  func caused(by action: String, data: JSON, variables: JSON, intended: Instant) {
    for (stream, rule) in byCause[action] ?? [] {
      guard let id = rule.identity(causedBy: data, variables: variables) else { continue }
      let key = Key(stream: stream, id: id)
      let arrivals = state.withLock { state -> [Instant] in
        // A retry is answered with the same thing: the first attempt is what people waited for.
        if state.causes[key] == nil {
          state.causes[key] = intended
          state.causeOrder.append(key)
          if state.causeOrder.count > Self.limit {
            state.causes[state.causeOrder.removeFirst()] = nil
          }
        }
        return state.early.removeValue(forKey: key) ?? []
      }
      for arrival in arrivals { record(rule, arrival - intended) }
    }
  }

  func arrived(_ action: String, data: JSON, at arrival: Instant) {
    for (stream, rule) in byEvent[action] ?? [] {
      guard let id = rule.identity(shownBy: data) else { continue }
      let key = Key(stream: stream, id: id)
      let intended = state.withLock { state -> Instant? in
        if let intended = state.causes[key] { return intended }
        if state.early[key] == nil { state.earlyOrder.append(key) }
        state.early[key, default: []].append(arrival)
        // What has found its cause is gone from the table but not from the order.
        while state.earlyOrder.count > Self.limit {
          if state.early.removeValue(forKey: state.earlyOrder.removeFirst()) != nil { state.discarded += 1 }
        }
        return nil
      }
      if let intended { record(rule, arrival - intended) }
    }
  }

  private func record(_ rule: DeliveryRule, _ latency: Duration) {
    metrics.record(.deliveryLatency, latency, tags: [MetricTag(.event, rule.event)])
  }

  /// Says so when events gave way that no cause had been found for.
  var note: String? {
    let discarded = state.withLock(\.discarded)
    return discarded > 0 ? "\(discarded) things that arrived had no known cause and were not measured" : nil
  }
}
