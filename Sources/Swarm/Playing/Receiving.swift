internal import JSON
internal import Scenario
internal import World

/// Judges the whole log of an inbox: what ever arrived, taken by an expectation or not.
struct Receiving {
  /// Entries that a failure shows.
  private static let shownEntries = 5

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
    let after = moment?.arrivals(at: actor.name) ?? 0
    let log = actor.inboxes.log(receipt.inbox).entries.filter { $0.number > after }
    let matching = log.filter { receipt.fields.mismatches(in: $0.data, lookUp).isEmpty }
    let result = receipt.count.evaluate(.int(Int64(matching.count)), lookUp)
    if case .failed(let expected, _) = result {
      let shown = (matching.isEmpty ? log : matching).suffix(Self.shownEntries)
      throw failure(
        "\(actor.name) has received \(matching.count) of \(receipt.inbox) so far", expected: "\(expected) that match",
        seen: "\(matching.count) of \(log.count)", details: shown.map { Shown.of($0.data) })
    }
    guard let order = receipt.order else { return }
    if let problem = try EventOrder.problem(of: matching, order, actor.name, receipt.inbox, lookUp) {
      throw failure(problem.message, expected: problem.expected, seen: problem.seen)
    }
  }

  private func failure(
    _ message: String, expected: String? = nil, seen: String? = nil, details: [String] = []
  ) -> StepError {
    .failed(Failure(mark: step.verbMark, message: message, expected: expected, seen: seen, details: details))
  }
}
