package import JSON
internal import Scenario
internal import World

extension Failure {
  /// As it stands in `summary.json` and `load.json`; times are milliseconds.
  package var json: JSON {
    var object = Self.json(mark)
    object.append("message", .string(message))
    if let expected { object.append("expected", .string(expected)) }
    if let seen { object.append("seen", .string(seen)) }
    if let actor { object.append("actor", .string(actor)) }
    if let time { object.append("timeMs", Self.json(time)) }
    if let cause {
      var json = Self.json(cause.mark)
      json.append("step", .string(cause.step))
      if let actor = cause.actor { json.append("actor", .string(actor)) }
      json.append("timeMs", Self.json(cause.time))
      object.append("cause", .object(json))
    }
    if let deadline { object.append("deadlineMs", Self.json(deadline)) }
    if !misses.isEmpty { object.append("misses", .array(misses.map(\.json))) }
    if !recent.isEmpty { object.append("recent", .array(recent.map(\.json))) }
    if earlier > 0 { object.append("earlier", .int(Int64(earlier))) }
    if !details.isEmpty { object.append("details", .array(details.map(JSON.string))) }
    return .object(object)
  }

  /// Reads what ``json`` wrote; `nil` for anything else.
  package init?(json: JSON) {
    // Before it had parts, a failure of `load.json` had its place in a member.
    guard let mark = Self.mark(json["mark"] ?? json), let message = json["message"]?.string else { return nil }
    self.init(
      mark: mark, message: message, expected: json["expected"]?.string, seen: json["seen"]?.string,
      details: (json["details"]?.array ?? []).compactMap(\.string))
    actor = json["actor"]?.string
    time = Self.duration(json["timeMs"])
    if let part = json["cause"], let mark = Self.mark(part), let step = part["step"]?.string,
      let time = Self.duration(part["timeMs"])
    {
      cause = Cause(mark: mark, step: step, actor: part["actor"]?.string, time: time)
    }
    deadline = Self.duration(json["deadlineMs"])
    misses = (json["misses"]?.array ?? []).compactMap(Miss.init(json:))
    recent = (json["recent"]?.array ?? []).compactMap(Recent.init(json:))
    earlier = json["earlier"]?.int.flatMap(Int.init(exactly:)) ?? 0
  }

  fileprivate static func json(_ mark: Mark) -> JSONObject {
    ["file": .string(mark.file), "line": .int(Int64(mark.line)), "column": .int(Int64(mark.column))]
  }

  fileprivate static func mark(_ json: JSON) -> Mark? {
    guard let file = json["file"]?.string, let line = json["line"]?.int, let column = json["column"]?.int else {
      return nil
    }
    return Mark(file: file, line: Int(clamping: line), column: Int(clamping: column))
  }

  fileprivate static func json(_ duration: Duration) -> JSON {
    .double((duration.milliseconds * 1000).rounded() / 1000)
  }

  fileprivate static func duration(_ json: JSON?) -> Duration? {
    json?.number.flatMap { $0.magnitude < 1e12 ? .microseconds(Int64(($0 * 1000).rounded())) : nil }
  }
}

extension Failure.Miss {
  fileprivate var json: JSON {
    var object: JSONObject = ["event": .string(event)]
    if let offset { object.append("offsetMs", Failure.json(offset)) }
    let fields = fields.map { field -> JSON in
      ["path": .string(field.path), "expected": .string(field.expected), "seen": .string(field.seen)]
    }
    object.append("fields", .array(fields))
    return .object(object)
  }

  fileprivate init?(json: JSON) {
    guard let event = json["event"]?.string else { return nil }
    let fields = (json["fields"]?.array ?? []).compactMap { field -> Failure.Field? in
      guard let path = field["path"]?.string, let expected = field["expected"]?.string,
        let seen = field["seen"]?.string
      else { return nil }
      return Failure.Field(path: path, expected: expected, seen: seen)
    }
    self.init(event: event, offset: Failure.duration(json["offsetMs"]), fields: fields)
  }
}

extension Failure.Recent {
  fileprivate var json: JSON {
    var object: JSONObject = [
      "event": .string(event), "offsetMs": Failure.json(offset), "fate": .string(fate.name),
    ]
    if case .claimed(let mark) = fate { object.append("claimedBy", .object(Failure.json(mark))) }
    return .object(object)
  }

  fileprivate init?(json: JSON) {
    guard let event = json["event"]?.string, let offset = Failure.duration(json["offsetMs"]),
      let fate = Failure.Fate(name: json["fate"]?.string ?? "", claimedBy: json["claimedBy"].flatMap(Failure.mark))
    else { return nil }
    self.init(event: event, offset: offset, fate: fate)
  }
}

extension Failure.Fate {
  private static let names: KeyValuePairs<String, Failure.Fate> = [
    "matched": .matched, "surplus": .surplus, "unmatched": .unmatched, "late": .late, "early": .early,
    "forgotten": .forgotten, "ending": .ending,
  ]

  fileprivate var name: String { Self.names.first { $0.value == self }?.key ?? "claimed" }

  fileprivate init?(name: String, claimedBy mark: Mark?) {
    if let known = Self.names.first(where: { $0.key == name })?.value {
      self = known
    } else if name == "claimed", let mark {
      self = .claimed(mark)
    } else {
      return nil
    }
  }
}
