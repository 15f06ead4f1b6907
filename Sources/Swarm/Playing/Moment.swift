internal import JSON
internal import Scenario
internal import World

/// A point in a flow that a label or a `mark` has named: when it was, and what had arrived at each actor by then. It is kept
/// among the values of the flow, under a name that no capture can have, so that it goes wherever those go.
struct Moment {
  let at: Instant
  private let counts: JSON
  private let mark: Mark
  private let text: String
  private let actor: String?

  private static func key(_ label: String) -> String { "@\(label)" }

  init?(of label: String, in values: [String: JSON]) {
    guard let value = values[Self.key(label)], let nanoseconds = value["at"]?.int else { return nil }
    at = Instant(nanoseconds: nanoseconds)
    counts = value["arrivals"] ?? [:]
    func place(_ key: String) -> Int { Int(clamping: value[key]?.int ?? 1) }
    mark = Mark(file: value["file"]?.string ?? "", line: place("line"), column: place("column"))
    text = value["step"]?.string ?? ""
    actor = value["actor"]?.string
  }

  static func note(_ label: String, at instant: Instant, _ step: Step, _ stage: Stage, _ flow: inout Flow) {
    let arrivals = stage.arrivals.map { (key: $0.actor, value: JSON.int(Int64($0.count))) }
    flow.values[key(label)] = [
      "at": .int(instant.nanoseconds), "arrivals": .object(JSONObject(arrivals)),
      "step": .string(StepText.of(step.verb)), "actor": (step.actors.first ?? flow.actor).map(JSON.string) ?? .null,
      "file": .string(step.verbMark.file), "line": .int(Int64(step.verbMark.line)),
      "column": .int(Int64(step.verbMark.column)),
    ]
  }

  func told(_ stage: Stage) -> Failure.Cause {
    Failure.Cause(mark: mark, step: text, actor: actor, time: .nanoseconds(stage.around.chronicle.offset(of: at)))
  }

  /// The number of the last thing that had arrived at an actor.
  func arrivals(at actor: String) -> Int { counts[actor]?.int.flatMap(Int.init(exactly:)) ?? 0 }
}
