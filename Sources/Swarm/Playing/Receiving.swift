internal import JSON
internal import Scenario
internal import World

/// Judges the whole log of an inbox: what ever arrived, taken by an expectation or not.
struct Receiving {
  let stage: Stage
  let step: Step
  let actor: ActorClient
  let receipt: Receipt

  /// What was committed before has come once the fence has; an actor that is not connected receives no more.
  func judge(_ flow: Flow) async throws {
    if actor.isConnected {
      do { try await actor.fence() } catch {
        if error is CancellationError { throw error }
        throw failure(
          "It cannot be decided what \(actor.name) has received: \(ActorError.describe(error, actor.name))")
      }
      stage.noteWeakness(of: "received", step)
    }
    let lookUp = { (name: String) in stage.value(of: name, in: flow) }
    let moment = receipt.since.flatMap { Moment(of: $0, in: flow.values) }
    let origin = Origin(
      at: moment?.at ?? flow.cause.at, after: moment?.arrivals(at: actor.name) ?? flow.arrivalsBefore,
      told: moment?.told(stage) ?? flow.cause.told(stage))
    let (log, lost) = actor.inboxes.log(receipt.inbox)
    guard lost <= origin.after else {
      throw failure("It cannot be decided what \(actor.name) has received: the inbox was full, and the oldest gave way")
    }
    let matching = log.filter {
      $0.number > origin.after && receipt.fields.mismatches(in: $0.data, lookUp).isEmpty
    }
    let count = receipt.count.evaluate(.int(Int64(matching.count)), lookUp)
    let problem = try receipt.order.flatMap {
      try EventOrder.problem(of: matching, $0, actor.name, receipt.inbox, lookUp)
    }
    let holds = count.isMatch && problem == nil
    stage.around.metrics?.sample(.checks, holds)
    guard !holds else { return }
    stage.around.metrics?.sample(.errors, true)
    let survey = Survey(
      actor, receipt.inbox, receipt.fields, at: step.verbMark, origin, deadline: nil, takesClaimed: true, lookUp)
    if case .failed(let expected, _) = count {
      let events = "event\(matching.count == 1 ? "" : "s") of \(receipt.inbox)"
      throw survey.error(
        "\(actor.name) has received \(matching.count) \(receipt.fields.isEmpty ? "" : "matching ")\(events) so far, "
          + "not \(expected)", expected: "\(expected) events that match", seen: survey.seen, misses: matching.isEmpty)
    }
    if let problem { throw survey.error(problem.message, expected: problem.expected, seen: problem.seen) }
  }

  private func failure(_ message: String) -> StepError { .failed(Failure(mark: step.verbMark, message: message)) }
}
