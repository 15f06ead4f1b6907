package import Scenario
private import Synchronization
package import World

/// Collects what a run measures. Safe from any thread; beside the intervals, its size does not depend on the length of the
/// run.
package final class MetricsRecorder: Sendable {
  /// Longer durations are counted as this long.
  package static let longestDuration = Duration.seconds(3600)
  /// The most series with a tag; what comes later is counted without it.
  package static let taggedSeriesLimit = 1_000
  /// The most intervals that are kept: a day.
  package static let intervalLimit = 86_400

  private struct State {
    /// In the order of ``Metric/allCases``.
    var whole: [SeriesState] = Array(repeating: SeriesState(), count: Metric.allCases.count)
    var tagged: [Series: SeriesState] = [:]
    /// What has come since the last interval, of ``whole``.
    var current: [SeriesState] = Array(repeating: SeriesState(), count: Metric.allCases.count)
    var intervals: [MetricsInterval] = []
    var intervalBegan: Instant?
    var isPaused = false

    mutating func change(_ metric: Metric, _ tags: [MetricTag], _ body: (inout SeriesState) -> Void) {
      guard !isPaused || metric.isMeasuredAlways else { return }
      let index = metric.index
      body(&whole[index])
      body(&current[index])
      for tag in tags {
        let series = Series(metric: metric, tag: tag)
        if tagged[series] == nil, tagged.count >= MetricsRecorder.taggedSeriesLimit { continue }
        body(&tagged[series, default: SeriesState()])
      }
    }
  }

  private let state = Mutex(State())

  package init() {}

  /// Adds one duration; a negative one counts as zero.
  package func record(_ metric: Metric, _ duration: Duration, tags: [MetricTag] = []) {
    let limited = min(max(duration, .zero), Self.longestDuration)
    let microseconds = UInt64(limited.wholeNanoseconds) / 1000
    state.withLock { $0.change(metric, tags) { $0.record(microseconds) } }
  }

  /// Adds to a counter.
  package func add(_ metric: Metric, _ amount: Int = 1, tags: [MetricTag] = []) {
    state.withLock { $0.change(metric, tags) { $0.count += Int64(amount) } }
  }

  /// Adds one trial of a share: an operation that went wrong or did not, an expectation that held or did not.
  package func sample(_ metric: Metric, _ counts: Bool, tags: [MetricTag] = []) {
    state.withLock { state in
      state.change(metric, tags) { series in
        series.trials += 1
        if counts { series.count += 1 }
      }
    }
  }

  /// Counts nothing until ``resume()`` but what sets the run up: connections and bytes.
  package func pause() { state.withLock { $0.isPaused = true } }
  package func resume() { state.withLock { $0.isPaused = false } }

  /// Ends one interval and begins the next.
  package func endInterval(at now: Instant) {
    state.withLock { state in
      defer {
        state.intervalBegan = now
        state.current = Array(repeating: SeriesState(), count: Metric.allCases.count)
      }
      guard let began = state.intervalBegan, began < now, state.intervals.count < Self.intervalLimit else { return }
      let series = Metric.allCases.map { (metric: $0, state: state.current[$0.index]) }.filter { !$0.state.isEmpty }
      state.intervals.append(MetricsInterval(start: began, length: now - began, series: series))
    }
  }

  package var intervals: [MetricsInterval] { state.withLock(\.intervals) }

  /// What has been collected.
  /// - Parameters:
  ///   - elapsed: the time over which counters are turned into rates.
  ///   - whole: the same for bytes, which flow while a run is set up too; `nil` is `elapsed`.
  package func snapshot(elapsed: Duration, whole: Duration? = nil) -> MetricsSnapshot {
    let state = state.withLock { $0 }
    var series = Metric.allCases.map { (Series(metric: $0, tag: nil), state.whole[$0.index]) }
    series += state.tagged.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return MetricsSnapshot(series: series, elapsed: elapsed, whole: whole ?? elapsed)
  }

  /// The 50th and 95th percentile of a duration in milliseconds, for progress; `nil` without samples.
  package func glimpse(_ metric: Metric) -> (median: Double, high: Double)? {
    state.withLock { state in
      let series = state.whole[metric.index]
      guard series.count > 0 else { return nil }
      return (series.percentile(50), series.percentile(95))
    }
  }

  package func count(_ metric: Metric) -> Int { state.withLock { Int($0.whole[metric.index].count) } }
}

extension Metric {
  /// Its place in ``allCases``. It is asked for with each sample, so it is told and not looked for.
  var index: Int {
    switch self {
    case .deliveryLatency: 0
    case .operationDuration: 1
    case .serviceTime: 2
    case .connectDuration: 3
    case .errors: 4
    case .checks: 5
    case .iterations: 6
    case .droppedIterations: 7
    case .eventsReceived: 8
    case .bytesSent: 9
    case .bytesReceived: 10
    }
  }

  /// Whether it belongs to the setting up too, which a warm-up does not leave out.
  fileprivate var isMeasuredAlways: Bool {
    switch self {
    case .connectDuration, .bytesSent, .bytesReceived: true
    default: false
    }
  }
}
