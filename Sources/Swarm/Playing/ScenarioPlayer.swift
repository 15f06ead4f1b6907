package import Scenario
package import World

/// Plays the functional steps of a scenario.
package struct ScenarioPlayer: Sendable {
  private let system: any SystemUnderTest
  private let world: World
  private let gate: (any StepGate)?

  /// - Parameter gate: what each step waits for.
  package init(system: any SystemUnderTest, world: World, gate: (any StepGate)? = nil) {
    self.system = system
    self.world = world
    self.gate = gate
  }

  /// Gives every actor a session, takes the steps, asks for a last fence on every open socket, and disconnects. Never
  /// throws: what goes wrong is in the outcome.
  package func play(_ scenario: Scenario) async -> ScenarioOutcome {
    let start = world.clock.now
    let chronicle = Chronicle(clock: world.clock, limit: Chronicle.functionalLimit)
    let around = ActorSurroundings(
      system: system, world: world, chronicle: chronicle, heartbeat: scenario.server.heartbeat)
    let play = FunctionalPlay(scenario: scenario, around: around, gate: gate)
    let result = await play.perform()
    return ScenarioOutcome(
      status: result.status, failures: result.failures, duration: world.clock.now - start,
      history: chronicle.history, notes: result.notes + [chronicle.note].compactMap(\.self))
  }
}
