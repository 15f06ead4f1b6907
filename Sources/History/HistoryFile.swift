private import JSON

/// Why a line of a `history.jsonl` cannot be read.
package struct HistoryFileError: Error, Sendable, CustomStringConvertible {
  /// Counts from 1.
  package let line: Int
  package let message: String
  package var description: String { "line \(line): \(message)" }
}

extension History {
  /// The history as `history.jsonl`: one event a line, members in a fixed order, so that equal histories are equal bytes.
  package var jsonLines: [UInt8] {
    var writer = JSONWriter(reserving: events.count * 160)
    for event in events {
      writer.object(event.json)
      writer.raw(UInt8(ascii: "\n"))
    }
    return writer.bytes
  }

  /// Reads a `history.jsonl`.
  /// - Throws: ``HistoryFileError`` with the first line that is not an event.
  package init(jsonLines bytes: [UInt8]) throws(HistoryFileError) {
    events = []
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if line.isEmpty { continue }
      let json: JSON
      do throws(JSONError) { json = try JSON.parse(Array(line)) } catch {
        throw HistoryFileError(line: number, message: error.description)
      }
      guard let object = json.object, let event = HistoryEvent(json: object) else {
        throw HistoryFileError(line: number, message: "not an event of a history")
      }
      events.append(event)
    }
  }
}

extension HistoryEvent {
  fileprivate var json: JSONObject {
    var object = JSONObject()
    object.append("t", .int(time))
    object.append("actor", .string(actor))
    func set(_ kind: String, _ members: KeyValuePairs<String, JSON>) {
      object.append("kind", .string(kind))
      for (key, value) in members { object.append(key, value) }
    }
    switch what {
    case .login(let user, let organization):
      set("login", ["user": .string(user), "organization": .string(organization)])
    case .connected: set("connected", [:])
    case .closed(let code, let reason, let initiated):
      set("closed", ["code": .int(Int64(code)), "reason": .string(reason), "initiated": .bool(initiated)])
    case .silenced: set("silenced", [:])
    case .subscribe(let id, let action, let variables):
      set("subscribe", ["id": .int(Int64(id)), "action": .string(action), "variables": variables])
    case .subscribed(let id): set("subscribed", ["id": .int(Int64(id))])
    case .unsubscribed(let id, let errors): set("unsubscribed", ["id": .int(Int64(id)), "errors": errors])
    case .invoke(let id, let action, let operation, let variables, let intended):
      set(
        "invoke",
        [
          "id": .int(Int64(id)), "action": .string(action), "operation": .string(operation), "variables": variables,
          "intended": .int(intended),
        ])
    case .ok(let id, let data): set("ok", ["id": .int(Int64(id)), "data": data])
    case .fail(let id, let errors): set("fail", ["id": .int(Int64(id)), "errors": errors])
    case .unknown(let id, let reason): set("unknown", ["id": .int(Int64(id)), "reason": .string(reason)])
    case .event(let subscription, let data, let extensions):
      set("event", ["subscription": .int(Int64(subscription)), "data": data, "extensions": extensions])
    case .fence(let name, let asked): set("fence", ["name": .string(name), "asked": .int(asked)])
    case .scenario(let name, let file, let seed):
      set("scenario", ["name": .string(name), "file": .string(file), "seed": .string(String(seed))])
    case .step(let mark, let text): set("step", ["mark": .string(mark), "text": .string(text)])
    }
    return object
  }

  fileprivate init?(json: JSONObject) {
    guard let time = json["t"]?.int, let actor = json["actor"]?.string, let kind = json["kind"]?.string else {
      return nil
    }
    func id(_ key: String = "id") -> Int? { json[key]?.int.flatMap(Int.init(exactly:)) }
    func text(_ key: String) -> String? { json[key]?.string }
    let what: What?
    switch kind {
    case "login":
      if let user = text("user"), let organization = text("organization") {
        what = .login(user: user, organization: organization)
      } else {
        what = nil
      }
    case "connected": what = .connected
    case "closed":
      if let code = json["code"]?.int.flatMap(UInt16.init(exactly:)), let reason = text("reason"),
        let initiated = json["initiated"]?.bool
      {
        what = .closed(code: code, reason: reason, initiated: initiated)
      } else {
        what = nil
      }
    case "silenced": what = .silenced
    case "subscribe":
      if let id = id(), let action = text("action"), let variables = json["variables"] {
        what = .subscribe(id: id, action: action, variables: variables)
      } else {
        what = nil
      }
    case "subscribed": what = id().map { .subscribed(id: $0) }
    case "unsubscribed": what = id().map { .unsubscribed(id: $0, errors: json["errors"] ?? .null) }
    case "invoke":
      if let id = id(), let action = text("action"), let operation = text("operation"),
        let variables = json["variables"], let intended = json["intended"]?.int
      {
        what = .invoke(id: id, action: action, kind: operation, variables: variables, intended: intended)
      } else {
        what = nil
      }
    case "ok": what = id().map { .ok(id: $0, data: json["data"] ?? .null) }
    case "fail": what = id().map { .fail(id: $0, errors: json["errors"] ?? .null) }
    case "unknown": what = id().map { .unknown(id: $0, reason: text("reason") ?? "") }
    case "event":
      what = id("subscription").map {
        .event(subscription: $0, data: json["data"] ?? .null, extensions: json["extensions"] ?? .null)
      }
    case "fence":
      if let name = text("name"), let asked = json["asked"]?.int {
        what = .fence(name: name, asked: asked)
      } else {
        what = nil
      }
    case "scenario":
      if let name = text("name"), let file = text("file"), let seed = text("seed").flatMap({ UInt64($0) }) {
        what = .scenario(name: name, file: file, seed: seed)
      } else {
        what = nil
      }
    case "step":
      if let mark = text("mark"), let description = text("text") {
        what = .step(mark: mark, text: description)
      } else {
        what = nil
      }
    default: what = nil
    }
    guard let what else { return nil }
    self.init(time: time, actor: actor, what: what)
  }
}
