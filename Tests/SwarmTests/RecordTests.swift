import JSON
import Scenario
import Swarm
import Testing
import World

@Suite("Load records and shards")
struct RecordTests {
  private let play = LoadPlayerTests()

  private func record(_ shard: Shard, thresholds: [Threshold] = []) throws -> LoadRecord {
    var manners = ToyServer.Manners()
    manners.workByNumber = true
    let rate = Executor.constantArrivalRate(rate: 40, duration: .seconds(10))
    let (outcome, _) = try play.play(rate, users: 80, thresholds: thresholds, manners, shard: shard) { model in
      model.profiles[0].arrivals = .poisson
    }
    #expect(outcome.status == .passed)
    return LoadRecord(
      Toy.scenario(), outcome, seed: 3, shard: shard, startedAt: WallTime(milliseconds: 1_700_000_000_000))
  }

  private func limit(_ expression: String, _ aggregate: Threshold.Aggregate, _ limit: Double) -> Threshold {
    Threshold(
      metric: "operation_duration", expression: expression, aggregate: aggregate, comparison: .less, limit: limit,
      mark: Toy.mark())
  }

  @Test("a metric knows its place among all")
  func places() {
    let series = Metric.allCases.map { Series(metric: $0, tag: nil) }
    #expect(series.reversed().sorted() == series)
    let recorder = MetricsRecorder()
    for metric in Metric.allCases { recorder.add(metric) }
    #expect(Metric.allCases.allSatisfy { recorder.count($0) == 1 })
  }

  @Test("four shards, each through its file, joined have the counts and percentiles of one process with the same seed")
  func shards() throws {
    let thresholds = [limit("p(95)<40", .percentile(95), 40), limit("max<1000", .maximum, 1000)]
    let whole = try record(.whole, thresholds: thresholds)
    let parts = try (1...4).map { number -> LoadRecord in
      let part = try record(try #require(Shard("\(number)/4")), thresholds: thresholds)
      return try #require(try LoadRecord.read(file: LoadRecord.file([part])).first)
    }
    let merged = try LoadRecord.merged(parts.reversed())
    for metric in [Metric.iterations, .deliveryLatency, .operationDuration, .eventsReceived, .connectDuration, .errors]
    {
      let (left, right) = (try #require(whole.metrics[metric]), try #require(merged.metrics[metric]))
      #expect(left.count == right.count && left.trials == right.trials, "\(metric)")
      for percentile in [0, 50, 90, 95, 99, 100.0] {
        #expect(left.spread?.percentile(percentile) == right.spread?.percentile(percentile), "\(metric) p\(percentile)")
      }
      #expect(left.spread?.average == right.spread?.average && left.spread?.minimum == right.spread?.minimum)
      let seconds = [whole, merged].map { $0.intervals.reduce(0) { $0 + ($1[metric]?.count ?? 0) } }
      #expect(seconds[0] == seconds[1] && seconds[0] == left.count, "\(metric)")
    }
    #expect(merged.metrics[.operationDuration, MetricTag(.action, "send")]?.count == whole.metrics[.iterations]?.count)
    #expect(merged.judged.map(\.passed) == whole.judged.map(\.passed))
    #expect(merged.judged.map(\.observed) == whole.judged.map(\.observed))
    #expect(parts.allSatisfy { ($0.metrics[.iterations]?.count ?? 0) > 50 })
  }

  @Test("what is no whole run is not joined, and the reason is said")
  func incomplete() throws {
    var parts = try (1...3).map { try record(try #require(Shard("\($0)/3"))) }
    func problem() -> String? {
      do throws(LoadRecordError) { _ = try LoadRecord.merged(parts) } catch { return error.message }
      return nil
    }
    #expect(problem() == nil)
    let last = parts.removeLast()
    #expect(problem() == "shard 3/3 of 'Toy' is missing")
    parts += [last, last]
    #expect(problem() == "shard 3/3 of 'Toy' stands there 2 times")
    parts.removeLast()
    parts[1].seed = 4
    #expect(problem() == "shard 2/3 has seed 4, shard 1/3 has 3; give all the same --seed")
  }

  @Test("a file that is none says what is wrong with it")
  func brokenFiles() {
    func problem(_ text: String) -> String? {
      do throws(LoadRecordError) { _ = try LoadRecord.read(file: Array(text.utf8)) } catch { return error.message }
      return nil
    }
    #expect(problem("{") == "it is no JSON")
    #expect(problem("[]") == "'version' is not a whole number")
    #expect(problem(#"{"version": 9, "loads": []}"#) == "it has version 9, and this build reads 1")
    #expect(problem(#"{"version": 1, "loads": [{}]}"#) == "'loads[0].scenario' is not a text")
    #expect(problem(#"{"version": 1, "loads": []}"#) == nil)
  }

  @Test("the histogram log has a line for each duration and second, as HdrHistogram writes them")
  func log() throws {
    let record = try record(.whole)
    let lines = String(decoding: record.histogramLog, as: UTF8.self).split(separator: "\n")
    #expect(lines[1] == "#[Histogram log format version 1.3]")
    #expect(lines[2].hasPrefix("#[StartTime: 1700000000.000 (seconds since epoch)"))
    let durations = record.intervals.map { $0.series.count { $0.metric.kind == .duration } }.reduce(0, +)
    #expect(lines.count == 4 + durations && durations > 10)
    // The cookie of a compressed V2 histogram.
    #expect(lines.dropFirst(4).allSatisfy { $0.split(separator: ",")[4].hasPrefix("HISTFAAA") })
    #expect(lines.contains { $0.hasPrefix("Tag=operation_duration,1.000,1.000,") })
  }

  @Test("in virtual time the generator is never late; of an overrun it says so")
  func generator() throws {
    let (outcome, _) = try play.play(.constantArrivalRate(rate: 50, duration: .seconds(4)))
    #expect(outcome.generator?.doubts == [])
    #expect(outcome.generator?.delayMaximum == 0)
    var manners = ToyServer.Manners()
    manners.stall = 1000...2000
    let (stalled, _) = try play.play(.constantArrivalRate(rate: 50, duration: .seconds(4)), manners)
    #expect(stalled.generator?.doubts.contains { $0.contains("found no virtual user free") } == true)
  }
}
