internal import Scenario
private import Synchronization
internal import World

/// Decides when the iterations of one profile start, by the executors' usual rules.
struct IterationSchedule: Sendable {
  let profile: LoadProfile
  /// This shard's of the profile.
  let users: [VirtualUser]
  /// The index of the profile's first virtual user, whichever shard's that is.
  let firstIndex: Int
  let shard: Shard
  let world: World
  let iterate: @Sendable (VirtualUser, Arrival) async -> Void
  /// An iteration that found no user free.
  let drop: @Sendable () -> Void

  /// How long iterations go on starting at most.
  static func planned(_ executor: Executor) -> Duration {
    switch executor {
    case .sharedIterations(_, let limit), .perVUIterations(_, let limit): limit
    case .constantVUs(let duration), .constantArrivalRate(_, let duration): duration
    case .rampingVUs(_, let stages), .rampingArrivalRate(_, let stages): stages.reduce(.zero) { $0 + $1.duration }
    }
  }

  /// Starts iterations and waits for them; ends early when the task is cancelled.
  func run() async {
    do { try await world.sleep(for: profile.startAt) } catch { return }
    let start = world.clock.now
    switch profile.executor {
    case .sharedIterations(let iterations, let limit):
      let counter = Counter()
      await closedLoop { _, _ in
        guard world.clock.now < start + limit else { return nil }
        let number = counter.next() * shard.count + shard.index
        return number < iterations ? number : nil
      }
    case .perVUIterations(let iterations, let limit):
      await closedLoop { user, taken in
        taken < iterations && world.clock.now < start + limit ? user.index * iterations + taken : nil
      }
    case .constantVUs(let duration):
      let counter = Counter()
      await closedLoop { _, _ in world.clock.now < start + duration ? counter.next() * shard.count + shard.index : nil }
    case .rampingVUs(let begin, let stages): await ramp(RampCurve(start: Double(begin), stages: stages), from: start)
    case .constantArrivalRate(let rate, let duration):
      await openLoop(RampCurve(start: rate, stages: [RampStage(target: rate, duration: duration)]), from: start)
    case .rampingArrivalRate(let rate, let stages):
      await openLoop(RampCurve(start: rate, stages: stages), from: start)
    }
  }

  /// Every user starts an iteration when its last has ended.
  /// - Parameter next: the number of a user's next iteration, given how many it has taken; `nil` ends its loop.
  private func closedLoop(_ next: @escaping @Sendable (VirtualUser, Int) async -> Int?) async {
    await withDiscardingTaskGroup { group in
      for user in users {
        group.addTask {
          var taken = 0
          while !Task.isCancelled, let number = await next(user, taken) {
            let started = world.clock.now
            await iterate(user, Arrival(number: number))
            taken += 1
            // Where an iteration takes no time, time would never pass.
            let earliest = started + max(profile.pacing ?? .zero, LoadLimits.shortestIteration)
            if profile.pacing != nil || world.clock.now == started { try? await world.clock.sleep(until: earliest) }
          }
        }
      }
    }
  }

  /// A user takes part while the curve is above its place in the profile.
  private func ramp(_ curve: RampCurve, from start: Instant) async {
    let counter = Counter()
    await closedLoop { user, _ in
      let place = Double(user.index - firstIndex)
      guard let time = curve.time(above: place, from: world.clock.now - start) else { return nil }
      do { try await world.clock.sleep(until: start + time) } catch { return nil }
      return counter.next() * shard.count + shard.index
    }
  }

  /// Iterations start at their times whether earlier ones have ended or not; where no user is free, one is dropped or waits
  /// for the first who is.
  private func openLoop(_ curve: RampCurve, from start: Instant) async {
    let pool = Pool(users)
    var times = ArrivalTimes(curve: curve, arrivals: profile.arrivals, random: world.random("arrivals \(profile.name)"))
    await withDiscardingTaskGroup { group in
      while let (number, offset) = times.next() {
        guard shard.owns(number) else { continue }
        let arrival = Arrival(number: number, intended: start + offset)
        do { try await world.clock.sleep(until: start + offset) } catch { return }
        guard let user = pool.take() else {
          if profile.busy == .drop || !pool.queue(arrival) { drop() }
          continue
        }
        group.addTask {
          await iterate(user, arrival)
          while let next = pool.give(user) { await iterate(user, next) }
        }
      }
    }
    // What still waited when the time was over has not taken place.
    for _ in 0..<pool.waitingCount { drop() }
  }
}

/// An iteration that is to start.
struct Arrival: Sendable {
  /// From 0, over all shards.
  let number: Int
  /// When it was meant to start; `nil` is when it does.
  var intended: Instant?
  /// For a virtual user, and so by no fault of the generator.
  var hasWaited = false
}

/// When the iterations of an arrival rate start, one after the other. The same seed gives the same times in every shard.
struct ArrivalTimes: Sendable {
  private let curve: RampCurve
  private let arrivals: Arrivals
  private let total: Double
  private var random: RandomStream
  private var number = 0
  private var amount = 0.0

  init(curve: RampCurve, arrivals: Arrivals, random: RandomStream) {
    self.curve = curve
    self.arrivals = arrivals
    self.random = random
    // What is a hair below a whole number is that number.
    total = arrivals == .even ? (curve.total + 1e-6).rounded(.down) : curve.total
  }

  /// The next number, from 0, and its time from the start.
  mutating func next() -> (number: Int, offset: Duration)? {
    switch arrivals {
    case .even: amount = Double(number)
    // A Poisson process of any rate is one of rate 1 seen through the integral of that rate.
    case .poisson: amount += random.exponential()
    }
    guard amount < total, let offset = curve.time(reaching: amount) else { return nil }
    defer { number += 1 }
    return (number, offset)
  }
}

/// Counts from 0.
private final class Counter: Sendable {
  private let value = Mutex(0)

  func next() -> Int {
    value.withLock { value in
      defer { value += 1 }
      return value
    }
  }
}
