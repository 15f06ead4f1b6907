/// A part of a scenario under a name: steps that see their parameters, and give back what they name. A class, since every
/// step that uses it shares it.
package final class FlowDefinition: Sendable {
  package let name: String
  package let mark: Mark
  package let parameters: [Parameter]
  /// The captured names that a step which uses the flow can keep.
  package let returns: [String]
  package let steps: [Step]
  /// How many flows stand within each other at most when this one is taken; 1 for one that uses none.
  let depth: Int

  /// What a flow must be given.
  package struct Parameter: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
      case text, number, boolean
      /// One of the scenario's actors, under the parameter's name: `as: who`, `${who.id}`.
      case actor
      /// Whatever it is.
      case value
    }

    package var name: String
    package var kind: Kind
    /// What stands for it where a step gives nothing.
    package var standard: Template?
  }

  init(name: String, mark: Mark, parameters: [Parameter], returns: [String], steps: [Step]) {
    self.name = name
    self.mark = mark
    self.parameters = parameters
    self.returns = returns
    self.steps = steps
    depth = 1 + Self.depth(of: steps)
  }

  private static func depth(of steps: [Step]) -> Int {
    steps.reduce(0) { deepest, step in
      let own =
        switch step.verb {
        case .use(let use): use.flow.depth
        case .each(_, let steps), .repeat(_, let steps), .feed(_, let steps): depth(of: steps)
        case .parallel(let branches): branches.map(depth).max() ?? 0
        default: 0
        }
      return max(deepest, own)
    }
  }
}

/// Takes the steps of a flow.
package struct FlowUse: Sendable {
  package var flow: FlowDefinition
  /// The value of each parameter that is no actor.
  package var arguments: [Template.Member]
  /// The actor, or the enclosing flow's parameter, that each actor parameter stands for.
  package var actors: [(parameter: String, actor: String)]
  /// What is kept of what the flow gives back: a new name, and the flow's.
  package var results: [Result]

  package struct Result: Sendable {
    package var name: String
    package var source: String
    package var mark: Mark
  }
}
