package import JSON
internal import World

/// What the process has used so far.
package struct ResourceUsage: Sendable {
  /// Processor time of all its threads.
  package var processor: Duration
  /// Bytes of memory that it holds now.
  package var memory: Int
  /// Processors that it may use.
  package var processors: Int

  package init(processor: Duration, memory: Int, processors: Int) {
    self.processor = processor
    self.memory = memory
    self.processors = processors
  }
}

/// How the generator itself fared while it put on the load. Where it could not keep up, its numbers tell of itself and not
/// of the server.
package struct GeneratorReport: Sendable, Hashable {
  /// How late its own timers were, in milliseconds: the 99th percentile and the worst.
  package var lagHigh = 0.0
  package var lagMaximum = 0.0
  /// How late iterations of arrival rates began, in milliseconds.
  package var delayHigh = 0.0
  package var delayMaximum = 0.0
  /// Share of all processors that the process used; `nil` in virtual time.
  package var processorShare: Double?
  /// Bytes that each connected virtual user costs.
  package var memoryPerUser: Double?
  /// Why the numbers are not to be trusted.
  package var doubts: [String] = []

  /// Above these, the numbers are in doubt.
  static let lagLimit = 25.0
  static let shareLimit = 0.9

  package init() {}

  package var json: JSON {
    var object: JSONObject = [
      "lagP99Ms": .double(lagHigh), "lagMaxMs": .double(lagMaximum), "startDelayP99Ms": .double(delayHigh),
      "startDelayMaxMs": .double(delayMaximum),
    ]
    if let processorShare { object.append("processorShare", .double(processorShare)) }
    if let memoryPerUser { object.append("memoryPerUserBytes", .double(memoryPerUser)) }
    object.append("trustworthy", .bool(doubts.isEmpty))
    object.append("doubts", .array(doubts.map(JSON.string)))
    return .object(object)
  }

  /// Reads what ``json`` wrote; `nil` for anything else.
  package init?(json: JSON) {
    guard let lagHigh = json["lagP99Ms"]?.number, let lagMaximum = json["lagMaxMs"]?.number,
      let delayHigh = json["startDelayP99Ms"]?.number, let delayMaximum = json["startDelayMaxMs"]?.number
    else { return nil }
    self.lagHigh = lagHigh
    self.lagMaximum = lagMaximum
    self.delayHigh = delayHigh
    self.delayMaximum = delayMaximum
    processorShare = json["processorShare"]?.number
    memoryPerUser = json["memoryPerUserBytes"]?.number
    doubts = (json["doubts"]?.array ?? []).compactMap(\.string)
  }
}
