internal import Scenario
internal import World

/// A value that changes in straight lines: the rate of an arrival rate, or the number of virtual users. Pure.
struct RampCurve: Sendable {
  private struct Segment: Sendable {
    var begin: Double
    var length: Double
    var from: Double
    var to: Double
    /// The integral before the segment.
    var before: Double

    var slope: Double { length > 0 ? (to - from) / length : 0 }
    func value(at seconds: Double) -> Double { from + slope * (seconds - begin) }
    func integral(to seconds: Double) -> Double {
      let passed = seconds - begin
      return before + from * passed + slope * passed * passed / 2
    }
  }

  private let segments: [Segment]
  /// Of all stages.
  let duration: Duration
  private let seconds: Double

  init(start: Double, stages: [RampStage]) {
    var segments: [Segment] = []
    var (begin, value, before) = (0.0, start, 0.0)
    for stage in stages {
      let segment = Segment(
        begin: begin, length: stage.duration.inSeconds, from: value, to: stage.target, before: before)
      segments.append(segment)
      begin += segment.length
      value = stage.target
      before = segment.integral(to: begin)
    }
    self.segments = segments
    duration = stages.reduce(.zero) { $0 + $1.duration }
    seconds = begin
  }

  /// The integral over all stages: how many iterations a rate starts in all.
  var total: Double { segments.last.map { $0.integral(to: $0.begin + $0.length) } ?? 0 }

  /// When the integral reaches `amount`, from the start; `nil` when it never does.
  func time(reaching amount: Double) -> Duration? {
    guard let segment = segments.last(where: { $0.before <= amount }) else { return nil }
    let rest = amount - segment.before
    guard rest > 0 else { return .inSeconds(segment.begin) }
    // from·t + slope·t²/2 = rest, solved so that it holds for a slope of zero too.
    let root = segment.from * segment.from + 2 * segment.slope * rest
    guard root >= 0 else { return nil }
    let divisor = segment.from + root.squareRoot()
    guard divisor > 0 else { return nil }
    let passed = 2 * rest / divisor
    guard passed <= segment.length * (1 + 1e-9) else { return nil }
    return .inSeconds(segment.begin + min(passed, segment.length))
  }

  /// When the value is first above `level`, at or after `time`; `nil` when it is not any more.
  func time(above level: Double, from time: Duration) -> Duration? {
    let now = time.inSeconds
    for segment in segments where segment.begin + segment.length > now {
      let begin = max(now, segment.begin)
      if segment.value(at: begin) > level { return .inSeconds(begin) }
      guard segment.to > level, segment.slope > 0 else { continue }
      let crossing = segment.begin + (level - segment.from) / segment.slope
      return .inSeconds(max(begin, crossing)) + .nanoseconds(1)
    }
    return nil
  }
}

extension Duration {
  var inSeconds: Double { Double(wholeNanoseconds) / 1_000_000_000 }

  static func inSeconds(_ seconds: Double) -> Duration {
    .nanoseconds(Int64(exactly: (seconds * 1_000_000_000).rounded()) ?? .max)
  }
}
