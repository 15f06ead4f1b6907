internal import History
internal import JSON

/// An event of a history in one line for people: when, who, what.
enum EventText {
  /// Characters of an event's values that are shown.
  private static let limit = 160

  static func of(_ event: HistoryEvent) -> String {
    "\(fixed(Double(event.time) / 1_000_000, digits: 1)) ms  \(event.actor)  \(describe(event.what))"
  }

  private static func describe(_ what: HistoryEvent.What) -> String {
    switch what {
    case .login(let user, let organization): "is user \(user) of \(organization)"
    case .connected: "connected"
    case .closed(let code, let reason, let initiated):
      "\(initiated ? "left" : "was closed") with code \(code)" + (reason.isEmpty ? "" : " (\(reason))")
    case .silenced: "fell silent"
    case .subscribe(let id, let action, let variables): "subscribes #\(id) \(action) \(short(variables))"
    case .subscribed(let id): "#\(id) is live"
    case .unsubscribed(let id, let errors): "#\(id) ended" + (errors.isNull ? "" : " with \(short(errors))")
    case .invoke(let id, let action, _, let variables, _): "calls #\(id) \(action) \(short(variables))"
    case .ok(let id, let data): "#\(id) succeeded: \(short(data))"
    case .fail(let id, let errors): "#\(id) was refused: \(short(errors))"
    case .unknown(let id, let reason): "#\(id) may have happened: \(reason)"
    case .event(let subscription, let data, _): "#\(subscription) showed \(short(data))"
    case .fence(let name, _): "fence \(name) came back"
    case .scenario(let name, _, _): "scenario \(name)"
    case .step(let mark, let text): "\(text) (\(mark))"
    }
  }

  private static func short(_ json: JSON) -> String {
    let text = json.text
    return text.count > limit ? "\(text.prefix(limit))…" : text
  }
}
