internal import JSON
package import Scenario

/// Somebody who may let a functional play wait before each of its steps, or end it.
package protocol StepGate: Sendable {
  /// Returns when the step is to be taken.
  /// - Throws: `CancellationError` to end the play.
  func pass(_ stop: StepStop) async throws
}

/// Where a play stands before a step.
package struct StepStop: Sendable {
  package let mark: Mark
  /// Who takes the step, in order; empty where nobody does.
  package let actors: [String]
  /// The step in a few words.
  package let text: String
  /// What has been captured so far by name, without secrets.
  package let values: [(name: String, value: String)]
  /// What lies in open inboxes and was not taken, by actor and inbox, without secrets.
  package let inboxes: [(actor: String, inbox: String, events: [String])]
}

extension StepStop {
  init(_ step: Step, _ stage: Stage, _ flow: Flow) {
    mark = step.verbMark
    actors = step.actors.isEmpty ? [flow.actor].compactMap(\.self) : step.actors.map { flow.aliases[$0] ?? $0 }
    text = StepText.of(step.verb)
    let tokens = stage.tokens
    func shown(_ value: JSON) -> String {
      let text = Shown.of(value)
      // A token may stand in a value of any name.
      return tokens.reduce(text) { $1.isEmpty ? $0 : $0.replacing($1, with: "[redacted]") }
    }
    // Moments have names that no capture can have.
    values = flow.values.filter { !$0.key.hasPrefix("@") }.sorted { $0.key < $1.key }.map { name, value in
      (name, Redaction.isSecret(name) ? "[redacted]" : shown(value))
    }
    inboxes = stage.inboxes.map { actor, inbox, entries in (actor, inbox, entries.map { shown($0.data) }) }
  }
}
