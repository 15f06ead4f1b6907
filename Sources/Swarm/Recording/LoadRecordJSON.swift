internal import JSON
internal import Scenario
internal import World

extension LoadRecord {
  /// Version of `load.json`.
  private static let version: Int64 = 1

  /// `load.json` of a run: all its loads; UTF-8 with a line feed at the end.
  package static func file(_ records: [LoadRecord]) -> [UInt8] {
    let root: JSON = ["version": .int(version), "loads": .array(records.map(\.json))]
    return root.bytes + [UInt8(ascii: "\n")]
  }

  /// Reads `load.json`.
  /// - Throws: ``LoadRecordError`` for anything else.
  package static func read(file: [UInt8]) throws(LoadRecordError) -> [LoadRecord] {
    guard let root = try? JSON.parse(file) else { throw LoadRecordError("it is no JSON") }
    let reader = Reader(json: root, path: "")
    let found = try reader.int("version")
    guard found == version else { throw LoadRecordError("it has version \(found), and this build reads \(version)") }
    var records: [LoadRecord] = []
    for load in try reader.list("loads") { records.append(try LoadRecord(load)) }
    return records
  }

  private var json: JSON {
    var object: JSONObject = [
      "scenario": .string(scenario), "mark": Self.json(mark),
      // Above 2^63 - 1 it does not fit a JSON integer of most readers.
      "seed": .string(String(seed)), "shard": .string(shard.description), "status": .string(status.rawValue),
      "startedAtMs": .int(startedAt.milliseconds), "durationNs": .int(duration.wholeNanoseconds),
      "elapsedNs": .int(elapsed.wholeNanoseconds), "wholeNs": .int(whole.wholeNanoseconds),
      "notes": .array(notes.map(JSON.string)),
    ]
    object.append("failures", .array(failures.map(\.json)))
    let checks = checks.map { check -> JSON in
      [
        "name": .string(check.name), "examined": .int(Int64(check.examined)),
        "violations": .int(Int64(check.violations)),
      ]
    }
    object.append("checks", .array(checks))
    let thresholds = thresholds.map { threshold -> JSON in
      [
        "series": .string(threshold.series), "expression": .string(threshold.expression),
        "mark": Self.json(threshold.mark),
      ]
    }
    object.append("thresholds", .array(thresholds))
    object.append("series", .array(series.map { Self.json($0.series.metric, $0.series.tag, $0.state) }))
    let intervals = intervals.map { interval -> JSON in
      [
        "startNs": .int(interval.start.nanoseconds), "lengthNs": .int(interval.length.wholeNanoseconds),
        "series": .array(interval.series.map { Self.json($0.metric, nil, $0.state) }),
      ]
    }
    object.append("intervals", .array(intervals))
    object.append("phases", .array(phases.map(\.json)))
    if let generator { object.append("generator", generator.json) }
    return .object(object)
  }

  private static func json(_ mark: Mark) -> JSON {
    ["file": .string(mark.file), "line": .int(Int64(mark.line)), "column": .int(Int64(mark.column))]
  }

  private static func json(_ metric: Metric, _ tag: MetricTag?, _ state: SeriesState) -> JSON {
    var object: JSONObject = ["metric": .string(metric.rawValue), "count": .int(state.count)]
    if let tag {
      object.append("tag", .string(tag.key.rawValue))
      object.append("value", .string(tag.value))
    }
    if metric.kind == .share { object.append("trials", .int(state.trials)) }
    if metric.kind == .duration {
      object.append("minUs", .int(Int64(clamping: state.minimum)))
      object.append("maxUs", .int(Int64(clamping: state.maximum)))
      object.append("sumUs", .double(state.sum))
      object.append("histogram", .string(HistogramCodec.encode(state.values)))
    }
    return .object(object)
  }

  private init(_ reader: Reader) throws(LoadRecordError) {
    scenario = try reader.text("scenario")
    mark = try Self.mark(try reader.part("mark"))
    guard let seed = UInt64(try reader.text("seed")) else { throw reader.wrong("seed", "a seed") }
    self.seed = seed
    guard let shard = Shard(try reader.text("shard")) else { throw reader.wrong("shard", "a shard") }
    self.shard = shard
    guard let status = OutcomeStatus(rawValue: try reader.text("status")) else {
      throw reader.wrong("status", "a status")
    }
    self.status = status
    startedAt = WallTime(milliseconds: try reader.int("startedAtMs"))
    duration = .nanoseconds(try reader.int("durationNs"))
    elapsed = .nanoseconds(try reader.int("elapsedNs"))
    whole = .nanoseconds(try reader.int("wholeNs"))
    notes = try reader.texts("notes")
    failures = []
    for part in try reader.list("failures") {
      guard let failure = Failure(json: part.json) else {
        throw LoadRecordError("'\(part.path)' is not a failure")
      }
      failures.append(failure)
    }
    for part in try reader.list("checks") {
      checks.append(
        CheckCount(
          name: try part.text("name"), examined: Int(clamping: try part.int("examined")),
          violations: Int(clamping: try part.int("violations"))))
    }
    thresholds = []
    for part in try reader.list("thresholds") {
      let series = try part.text("series")
      let expression = try part.text("expression")
      guard let threshold = Threshold.stored(series, expression, mark: try Self.mark(try part.part("mark"))) else {
        throw LoadRecordError("'\(series) \(expression)' is no threshold of this build")
      }
      thresholds.append(threshold)
    }
    series = []
    for part in try reader.list("series") { series.append(try Self.series(part)) }
    intervals = []
    for part in try reader.list("intervals") {
      var states: [(metric: Metric, state: SeriesState)] = []
      for inner in try part.list("series") {
        let (series, state) = try Self.series(inner)
        states.append((metric: series.metric, state: state))
      }
      intervals.append(
        MetricsInterval(
          start: Instant(nanoseconds: try part.int("startNs")), length: .nanoseconds(try part.int("lengthNs")),
          series: states))
    }
    phases = (reader.json["phases"]?.array ?? []).compactMap(LoadPhase.init(json:))
    generator = reader.json["generator"].flatMap(GeneratorReport.init(json:))
  }

  private static func mark(_ reader: Reader) throws(LoadRecordError) -> Mark {
    Mark(
      file: try reader.text("file"), line: Int(clamping: try reader.int("line")),
      column: Int(clamping: try reader.int("column")))
  }

  private static func series(_ reader: Reader) throws(LoadRecordError) -> (Series, SeriesState) {
    guard let metric = Metric(rawValue: try reader.text("metric")) else { throw reader.wrong("metric", "a metric") }
    var tag: MetricTag?
    if reader.json["tag"] != nil {
      guard let key = MetricTag.Key(rawValue: try reader.text("tag")) else { throw reader.wrong("tag", "a tag") }
      tag = MetricTag(key, try reader.text("value"))
    }
    var state = SeriesState()
    switch metric.kind {
    case .counter: state.count = try reader.int("count")
    case .share:
      state.count = try reader.int("count")
      state.trials = try reader.int("trials")
    case .duration:
      for (value, count) in try HistogramCodec.decode(try reader.text("histogram")) {
        state.record(value, times: count)
      }
      guard let sum = reader.json["sumUs"]?.number, state.count == (try reader.int("count")) else {
        throw reader.wrong("histogram", "a histogram of as many values as 'count' says")
      }
      state.restore(
        minimum: UInt64(clamping: try reader.int("minUs")), maximum: UInt64(clamping: try reader.int("maxUs")), sum: sum
      )
    }
    return (Series(metric: metric, tag: tag), state)
  }
}

/// Takes values out of a JSON object and says where one is not what it should be.
private struct Reader {
  let json: JSON
  let path: String

  func wrong(_ key: String, _ expected: String) -> LoadRecordError {
    LoadRecordError("'\(path)\(key)' is not \(expected)")
  }

  func text(_ key: String) throws(LoadRecordError) -> String {
    guard let value = json[key]?.string else { throw wrong(key, "a text") }
    return value
  }

  func int(_ key: String) throws(LoadRecordError) -> Int64 {
    guard let value = json[key]?.int else { throw wrong(key, "a whole number") }
    return value
  }

  func texts(_ key: String) throws(LoadRecordError) -> [String] {
    guard let elements = json[key]?.array else { throw wrong(key, "a list") }
    return elements.compactMap(\.string)
  }

  func part(_ key: String) throws(LoadRecordError) -> Reader {
    guard let value = json[key], value.object != nil else { throw wrong(key, "an object") }
    return Reader(json: value, path: "\(path)\(key).")
  }

  func list(_ key: String) throws(LoadRecordError) -> [Reader] {
    guard let elements = json[key]?.array else { throw wrong(key, "a list") }
    return elements.enumerated().map { Reader(json: $1, path: "\(path)\(key)[\($0)].") }
  }
}
