internal import History
internal import JSON
internal import Scenario
internal import World

/// A stretch of a load that a time axis shows; it counts from the start of the first interval.
package struct LoadPhase: Sendable, Hashable {
  package enum Kind: String, Sendable {
    /// Connecting, warm-up, running, stopping.
    case phase
    /// What a profile's executor does.
    case stage
    /// Sockets that ended though no client wanted it.
    case loss
  }

  package let kind: Kind
  /// What stands in one line: `run`, a profile, `sockets`.
  package let lane: String
  package let name: String
  package let start: Duration
  package let length: Duration

  package init(_ kind: Kind, lane: String, name: String, start: Duration, length: Duration) {
    self.kind = kind
    self.lane = lane
    self.name = name
    self.start = start
    self.length = length
  }

  /// The phases of a run and, while it was running, the stages of its profiles.
  /// - Parameter entered: when each phase began; it lasts until the next begins, the last until `ended`.
  static func all(
    of model: LoadModel, _ entered: [(phase: RunProgress.Phase, at: Instant)], from began: Instant, to ended: Instant
  ) -> [LoadPhase] {
    var phases: [LoadPhase] = []
    for (index, (phase, at)) in entered.enumerated() {
      let end = index + 1 < entered.count ? entered[index + 1].at : ended
      let warmUp = phase == .running ? min(model.warmUp, end - at) : .zero
      if warmUp > .zero {
        phases.append(LoadPhase(.phase, lane: "run", name: "warm-up", start: at - began, length: warmUp))
      }
      phases.append(
        LoadPhase(.phase, lane: "run", name: phase.rawValue, start: at - began + warmUp, length: end - at - warmUp))
      guard phase == .running else { continue }
      for profile in model.profiles {
        var start = profile.startAt
        for (name, length) in stages(of: profile.executor) where start < end - at {
          let length = min(length, end - at - start)
          phases.append(LoadPhase(.stage, lane: profile.name, name: name, start: at - began + start, length: length))
          start = start + length
        }
      }
    }
    return phases
  }

  private static func stages(of executor: Executor) -> [(String, Duration)] {
    func text(_ value: Double) -> String { value == value.rounded() && value < 1e15 ? "\(Int64(value))" : "\(value)" }
    return switch executor {
    case .sharedIterations(let iterations, let limit): [("\(iterations) iteration\(iterations == 1 ? "" : "s")", limit)]
    case .perVUIterations(let iterations, let limit): [("\(iterations) iterations each", limit)]
    case .constantVUs(let duration): [("all virtual users", duration)]
    case .rampingVUs(_, let stages): stages.map { ("to \(text($0.target)) virtual users", $0.duration) }
    case .constantArrivalRate(let rate, let duration): [("\(text(rate))/s", duration)]
    case .rampingArrivalRate(_, let stages): stages.map { ("to \(text($0.target))/s", $0.duration) }
    }
  }

  /// Seconds in which sockets ended though no client wanted it.
  /// - Parameter began: when the first interval began, in nanoseconds of the history.
  static func losses(in history: History, from began: Int64) -> [LoadPhase] {
    var counts: [Int64: Int] = [:]
    for event in history.events where event.time >= began {
      if case .closed(_, _, initiated: false) = event.what {
        counts[(event.time - began) / 1_000_000_000, default: 0] += 1
      }
    }
    return counts.sorted { $0.key < $1.key }.map { second, count in
      LoadPhase(.loss, lane: "sockets", name: "\(count) lost", start: .seconds(second), length: .seconds(1))
    }
  }

  var json: JSON {
    [
      "kind": .string(kind.rawValue), "lane": .string(lane), "name": .string(name),
      "startNs": .int(start.wholeNanoseconds), "lengthNs": .int(length.wholeNanoseconds),
    ]
  }

  init?(json: JSON) {
    guard let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)), let lane = json["lane"]?.string,
      let name = json["name"]?.string, let start = json["startNs"]?.int, let length = json["lengthNs"]?.int
    else { return nil }
    self.init(kind, lane: lane, name: name, start: .nanoseconds(start), length: .nanoseconds(length))
  }
}
