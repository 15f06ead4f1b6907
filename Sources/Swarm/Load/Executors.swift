internal import Scenario
private import Synchronization
internal import World

/// Decides when iterations start, by the executors' usual rules.
struct IterationSchedule: Sendable {
  let executor: Executor
  let users: [VirtualUser]
  let world: World
  let metrics: MetricsRecorder
  /// One iteration: the user, the iteration's number from 0, and when it was meant to start; `nil` is when it does.
  let iterate: @Sendable (VirtualUser, Int, Instant?) async -> Void

  /// How long iterations go on starting; `nil` when their number decides.
  var planned: Duration {
    switch executor {
    case .sharedIterations(_, let limit): limit
    case .constantVUs(let duration), .constantArrivalRate(_, let duration): duration
    }
  }

  /// Starts iterations and waits for them; ends early when the task is cancelled.
  func run() async {
    switch executor {
    case .sharedIterations(let iterations, let limit):
      await closedLoop(until: world.clock.now + limit, atMost: iterations)
    case .constantVUs(let duration): await closedLoop(until: world.clock.now + duration, atMost: .max)
    case .constantArrivalRate(let rate, let duration): await openLoop(rate: rate, duration: duration)
    }
  }

  /// Every user starts an iteration when its last has ended.
  private func closedLoop(until end: Instant, atMost limit: Int) async {
    let taken = Counter()
    await withDiscardingTaskGroup { group in
      for user in users {
        group.addTask {
          while !Task.isCancelled, world.clock.now < end {
            let number = taken.next()
            guard number < limit else { return }
            let started = world.clock.now
            await iterate(user, number, nil)
            // Where an iteration takes no time, time would never pass.
            if world.clock.now == started { try? await world.sleep(for: LoadLimits.shortestIteration) }
          }
        }
      }
    }
  }

  /// Iterations start at their times whether earlier ones have ended or not; where no user is free, one is dropped.
  private func openLoop(rate: Double, duration: Duration) async {
    let start = world.clock.now
    let seconds = Double(duration.wholeNanoseconds) / 1_000_000_000
    guard rate > 0, let total = Int(exactly: (rate * seconds).rounded()) else { return }
    let pool = Pool(users)
    await withDiscardingTaskGroup { group in
      for number in 0..<total {
        let offset = Int64((Double(number) * 1_000_000_000 / rate).rounded())
        let intended = start + .nanoseconds(offset)
        do { try await world.clock.sleep(until: intended) } catch { return }
        guard let user = pool.take() else {
          metrics.add(.droppedIterations)
          continue
        }
        group.addTask {
          await iterate(user, number, intended)
          pool.give(user)
        }
      }
    }
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
