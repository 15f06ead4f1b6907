internal import Scenario
internal import World

/// Which journey an iteration is: by weight, and by nothing but the seed and the iteration's number, so that shards and a
/// whole run choose alike.
struct JourneyChoice: Sendable {
  private let journeys: [Journey]
  private let seed: UInt64
  private let name: String
  private let total: Int

  init(_ profile: LoadProfile, seed: UInt64) {
    journeys = profile.journeys
    self.seed = seed
    name = profile.name
    total = profile.journeys.reduce(0) { $0 + $1.weight }
  }

  func journey(of number: Int) -> Journey {
    guard journeys.count > 1 else { return journeys.first ?? Journey(name: "journey", steps: []) }
    var random = RandomStream(seed: seed &+ UInt64(truncatingIfNeeded: number), name: "journey \(name)")
    var rest = random.int(in: 0..<total)
    for journey in journeys {
      if rest < journey.weight { return journey }
      rest -= journey.weight
    }
    return journeys[0]
  }
}
