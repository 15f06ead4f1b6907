internal import JSON
internal import Scenario
internal import World

/// One thread of a scenario: what it knows and where it stands.
struct Flow: Sendable {
  /// What has been captured, and what the enclosing steps define: `actor`, `index`, `vu`…
  var values: [String: JSON] = [:]
  /// Who acts where a step does not say.
  var actor: String?
  /// When the latest thing was done that an expectation can be about.
  var cause: Cause
  /// When the next operation should have started, when that is not when it does.
  var intended: Instant?
  /// How many things had arrived at a virtual user before its iteration; of no concern to `received` there.
  var arrivalsBefore = 0
  /// What operations are measured under; `nil` where they do not count, since they only lead up to an iteration.
  var measure: [MetricTag]?
  /// Of the enclosing `parallel`, and which of its branches this is.
  var barriers: Barriers?
  var branch = 0
  /// The actors that the parameters of the flow stand for.
  var aliases: [String: String] = [:]
  /// What counts what is taken, for the budgets of the steps around.
  var meters: [Meter] = []

  @inline(never)
  mutating func isCaused(by step: Step, _ actor: String?, at instant: Instant) {
    cause = Cause(at: instant, step: step, actor: actor)
  }
}

/// The latest thing that was done, and when it was meant to begin.
struct Cause: Sendable {
  var at: Instant
  /// `nil` before the first step.
  var step: Step?
  var actor: String?

  /// For a failure; `nil` before the first step.
  func told(_ stage: Stage) -> Failure.Cause? {
    step.map {
      Failure.Cause(
        mark: $0.verbMark, step: StepText.of($0.verb), actor: actor,
        time: .nanoseconds(stage.around.chronicle.offset(of: at)))
    }
  }
}
