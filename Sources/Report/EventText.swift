internal import History
internal import JSON
internal import Scenario

/// Events of a history in one line each for people: when, who, what.
struct EventText {
  /// Characters of an event's values that are shown.
  private static let limit = 160

  private let names: [Int: String]

  init(_ history: History) {
    var names: [Int: String] = [:]
    for event in history.events {
      switch event.what {
      case .subscribe(let id, let action, _), .invoke(let id, let action, _, _, _): names[id] = action
      default: break
      }
    }
    self.names = names
  }

  /// The action of an operation or a subscription.
  func name(_ id: Int) -> String { names[id] ?? "#\(id)" }

  func line(_ event: HistoryEvent) -> String {
    "\(fixed(Double(event.time) / 1_000_000, digits: 1)) ms  \(event.actor)  \(describe(event.what))"
  }

  func describe(_ what: HistoryEvent.What) -> String {
    switch what {
    case .login(let user, let organization): "is user \(user) of \(organization)"
    case .connected: "connected"
    case .closed(let code, let reason, let initiated):
      "\(initiated ? "left" : "was closed") with code \(code)" + (reason.isEmpty ? "" : " (\(reason))")
    case .silenced: "fell silent"
    case .subscribe(_, let action, let variables): "subscribes to \(action) \(short(variables))"
    case .subscribed(let id): "\(name(id)) is live"
    case .unsubscribed(let id, let errors): "\(name(id)) ended" + (errors.isNull ? "" : " with \(short(errors))")
    case .invoke(_, let action, _, let variables, _): "calls \(action) \(short(variables))"
    case .ok(let id, let data): "\(name(id)) succeeded: \(short(data))"
    case .fail(let id, let errors): "\(name(id)) was refused: \(short(errors))"
    case .unknown(let id, let reason): "\(name(id)) may have happened: \(reason)"
    case .event(let subscription, let data, _): "\(name(subscription)) brought \(short(data))"
    case .fence(let name, _): "fence \(name) came back"
    case .scenario(let name, _, _): "scenario \(name)"
    case .step(let mark, let text): "\(text) (\(mark))"
    }
  }

  func short(_ json: JSON) -> String {
    Excerpt.cut(json.text, to: Self.limit)
  }
}
