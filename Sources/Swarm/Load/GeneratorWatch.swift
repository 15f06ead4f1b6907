private import Synchronization
internal import World

/// Watches the generator while it puts on a load: how late its timers are, how late iterations begin, what it uses.
final class GeneratorWatch: Sendable {
  private struct State {
    var lag = SeriesState()
    var delay = SeriesState()
    var alone: ResourceUsage?
    var ready: (usage: ResourceUsage, at: Instant)?
    var report = GeneratorReport()
  }

  private let world: World
  private let usage: (@Sendable () -> ResourceUsage)?
  private let virtualUsers: Int
  private let state = Mutex(State())

  /// - Parameter usage: of the process; `nil` in virtual time.
  init(world: World, usage: (@Sendable () -> ResourceUsage)?, virtualUsers: Int) {
    self.world = world
    self.usage = usage
    self.virtualUsers = virtualUsers
    let alone = usage?()
    state.withLock { $0.alone = alone }
  }

  /// Watches until it is cancelled; to be called when everybody is connected.
  func watch() async {
    let ready = usage.map { (usage: $0(), at: world.clock.now) }
    state.withLock { $0.ready = ready }
    while !Task.isCancelled {
      let due = world.clock.now + LoadLimits.watchInterval
      do { try await world.clock.sleep(until: due) } catch { return }
      let late = world.clock.now - due
      state.withLock { $0.lag.record(Self.microseconds(late)) }
    }
  }

  /// An iteration of an arrival rate began, so long after its time.
  func began(late delay: Duration) { state.withLock { $0.delay.record(Self.microseconds(delay)) } }

  /// - Parameter dropped: iterations that found nobody free.
  func finish(dropped: Int) -> GeneratorReport {
    let now = world.clock.now
    let used = usage?()
    return state.withLock { state in
      var report = GeneratorReport()
      report.lagHigh = state.lag.percentile(99)
      report.lagMaximum = Double(state.lag.maximum) / 1000
      report.delayHigh = state.delay.percentile(99)
      report.delayMaximum = Double(state.delay.maximum) / 1000
      if let used, let ready = state.ready, let alone = state.alone {
        let available = (now - ready.at).inSeconds * Double(max(used.processors, 1))
        let processor = (used.processor - ready.usage.processor).inSeconds
        if available > 0 { report.processorShare = processor / available }
        report.memoryPerUser = Double(max(ready.usage.memory - alone.memory, 0)) / Double(max(virtualUsers, 1))
      }
      report.doubts = Self.doubts(report, dropped: dropped)
      return report
    }
  }

  private static func doubts(_ report: GeneratorReport, dropped: Int) -> [String] {
    var doubts: [String] = []
    if report.lagHigh > GeneratorReport.lagLimit {
      doubts.append("its own timers were \(rounded(report.lagHigh)) ms late (p99)")
    }
    if report.delayHigh > GeneratorReport.lagLimit {
      doubts.append("iterations began \(rounded(report.delayHigh)) ms late (p99)")
    }
    if let share = report.processorShare, share > GeneratorReport.shareLimit {
      doubts.append("its process used \(Int((share * 100).rounded())) % of the processors")
    }
    if dropped > 0 { doubts.append("\(dropped) iterations found no virtual user free: the rate was not held") }
    return doubts
  }

  private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

  private static func microseconds(_ duration: Duration) -> UInt64 {
    UInt64(max(min(duration, MetricsRecorder.longestDuration), .zero).wholeNanoseconds) / 1000
  }
}
