internal import JSON
internal import Scenario

/// A step in a few words, for the history.
enum StepText {
  static func of(_ verb: Verb) -> String {
    switch verb {
    case .connect: "connect"
    case .subscribe(let step): "subscribe \(step.operation.name)"
    case .operate(let step): "do \(step.operation.name)"
    case .expect(let expectation): "expect \(expectation.inbox)"
    case .received(let receipt): "received \(receipt.inbox)"
    case .poll(let query):
      if case .within = query.span {
        "eventually \(query.operation.operation.name)"
      } else {
        "always \(query.operation.operation.name)"
      }
    case .mark(let name): "mark \(name)"
    case .use(let use): "use \(use.flow.name)"
    case .feed(let feeder, _): "each \(feeder)"
    case .never(let expectation): "never \(expectation.inbox)"
    case .disconnect(let manner): "disconnect \(manner.rawValue)"
    case .each: "each"
    case .repeat: "repeat"
    case .parallel: "parallel"
    case .barrier(let name): "barrier \(name)"
    case .capture: "capture"
    case .pause: "pause"
    }
  }
}

/// Values as failures show them: without secrets, and no longer than can be read.
enum Shown {
  static let limit = 180

  static func of(_ value: JSON) -> String { Excerpt.cut(Redaction.redacted(value).text, to: limit) }

  static func times(_ count: Int) -> String { count == 1 ? "once" : count == 2 ? "twice" : "\(count) times" }

  /// A duration as people say it: `2s`, `250ms`, `1.5s`.
  static func of(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    if milliseconds.magnitude < 1000 { return "\(milliseconds)ms" }
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(Double(milliseconds) / 1000)s"
  }
}
