internal import Database
internal import Scenario
internal import Swarm
internal import World

/// Looks for the smallest text that fails in the same way.
final class Search {
  /// The time is up, or somebody has had enough.
  private struct Over: Error {}

  private(set) var best: ScenarioText
  /// How the best fails.
  private(set) var message = ""
  private(set) var played = 0
  private(set) var isSimulated = true
  /// With which the best was seen to fail.
  private(set) var seed: UInt64
  private(set) var isOver = false

  private let candidates: Candidates
  private let deadline: Instant
  private let tryLimit: Int
  private let original: Int
  private let say: (String) -> Void
  private var databases: Databases?
  private var shape = FailureShape(message: "", expected: nil, isExact: false)
  private var isExact = false
  /// How often a candidate is played at most.
  private var tries = 1
  /// Offsets in the best text of the steps that stay.
  private var anchors: [Int] = []
  private var known: [String: Bool] = [:]

  init(
    _ candidates: Candidates, _ text: ScenarioText, deadline: Instant, tryLimit: Int, say: @escaping (String) -> Void
  ) {
    self.candidates = candidates
    best = text
    original = text.stepCount
    self.deadline = deadline
    self.tryLimit = tryLimit
    self.say = say
    seed = candidates.failed.seed
  }

  func stop() async { _ = try? await databases?.stop() }

  /// Whether the recorded failure shows again, in virtual time or else in real time.
  func reproduce(_ scenario: Scenario) async throws -> Bool {
    let failed = candidates.failed
    for isSimulated in [true, false] {
      self.isSimulated = isSimulated
      var seen: [Failure] = []
      var count = 0
      // What shows twice in a row shows always.
      while count < tryLimit, !(count == 2 && seen.count == 2), !Interruption.shared.isInterrupted {
        let failure = try await play(scenario, turn: count)
        count += 1
        guard let failure else { continue }
        let isExact = Anchors.isOperation(failure.mark, in: scenario)
        let shape = FailureShape(message: failed.message, expected: failed.expected, isExact: isExact)
        if FailureShape(message: failure.message, expected: failure.expected, isExact: isExact) == shape {
          (self.shape, self.isExact) = (shape, isExact)
          seen.append(failure)
        }
      }
      guard let first = seen.first else { continue }
      if seen.count < count {
        say("The failure comes and goes: it showed in \(seen.count) of \(count) plays")
        tries = tryLimit
      }
      message = first.message
      anchors = Anchors.marks(of: first, in: scenario).compactMap { best.stepStart(line: $0.line, column: $0.column) }
      return true
    }
    return false
  }

  /// Leaves out what can be left out, until nothing can or the time is up.
  func shrink() async throws {
    var before = ""
    do {
      while best.text != before {
        before = best.text
        for level in best.levels.indices { try await shrink(level: level) }
      }
    } catch is Over { isOver = true }
  }

  private func shrink(level: Int) async throws {
    let (text, places) = (best, anchors)
    guard text.levels.indices.contains(level) else { return }
    let pieces = text.levels[level].filter { piece in !places.contains { text.piece(piece, holds: $0) } }
    _ = try await ddmin(pieces) { kept in
      let rest = Set(kept)
      var moved = places
      let smaller = text.leavingOut(pieces.filter { !rest.contains($0) }, moving: &moved)
      guard try await fails(smaller), let parsed = ScenarioText(smaller) else { return false }
      // What is found is always smaller than what was found before.
      if parsed.stepCount < best.stepCount { say("\(parsed.stepCount) of \(original) steps remain") }
      (best, anchors) = (parsed, moved)
      return true
    }
  }

  private func fails(_ text: String) async throws -> Bool {
    if let known = known[text] { return known }
    if Interruption.shared.isInterrupted || Task.isCancelled || LiveClock().now >= deadline { throw Over() }
    var result = false
    if let scenario = candidates.scenario(text) {
      for turn in 0..<tries where !result {
        guard let failure = try await play(scenario, turn: turn) else { continue }
        result = FailureShape(message: failure.message, expected: failure.expected, isExact: isExact) == shape
        if result {
          message = failure.message
          if isSimulated { seed = candidates.failed.seed &+ UInt64(turn) }
        }
      }
    }
    // What an interruption has ended says nothing.
    if Interruption.shared.isInterrupted || Task.isCancelled { throw Over() }
    known[text] = result
    return result
  }

  /// - Parameter turn: in virtual time each has a schedule of its own.
  private func play(_ scenario: Scenario, turn: Int) async throws -> Failure? {
    played += 1
    if isSimulated { return candidates.simulate(scenario, seed: candidates.failed.seed &+ UInt64(turn)) }
    if databases == nil {
      databases = try await Databases.start(candidates.record.options.database, world: .live(seed: seed))
    }
    guard let databases else { return nil }
    return try await candidates.play(scenario, on: databases)
  }
}
