internal import Database
private import Synchronization
internal import World

/// Tells the webhook what the table of deliveries holds, each at least once: an attempt is claimed with a lease before it
/// begins, so that of several nodes one makes it, and another makes the next when that one is gone.
package final class WebhookQueue: Sendable {
  /// Most attempts that one node has under way.
  package static let batchLimit = 32
  /// After so many, over about 70 minutes, nothing more is tried.
  package static let attemptLimit = 12
  /// How long an attempt may be under way until another node may make one.
  package static let lease: Duration = .seconds(60)
  /// The pause after the first failure; each further one is twice as long, and is cut by up to a half at random.
  package static let firstPause: Duration = .seconds(2)
  package static let longestPause: Duration = .seconds(60 * 60)
  /// How long what was given up is kept.
  static let deadRetention: Duration = .seconds(30 * 24 * 60 * 60)
  /// The most letters that are kept of what went wrong.
  static let errorLimit = 200
  /// How long nothing is tried after the database failed.
  static let failurePause: Duration = .seconds(5)

  private typealias Outcome = (delivery: WebhookDelivery, error: String?)

  private let world: World
  private let database: any Database
  private let webhook: Webhook
  private let log: @Sendable (String) -> Void
  private let random: Mutex<RandomStream>
  private let counts = Mutex<(delivered: Int, failed: Int, dead: Int)>((0, 0, 0))

  /// How many attempts of this node went which way since it started; the last failure of a delivery counts as both.
  var totals: (delivered: Int, failed: Int, dead: Int) { counts.withLock(\.self) }

  init(world: World, database: any Database, webhook: Webhook, log: @escaping @Sendable (String) -> Void) {
    self.world = world
    self.database = database
    self.webhook = webhook
    self.log = log
    random = Mutex(world.random("webhooks"))
  }

  /// Runs until the task is cancelled.
  func run(every interval: Duration) async {
    while !Task.isCancelled {
      var pause = interval
      do {
        while try await deliverDue() == Self.batchLimit, !Task.isCancelled {}
      } catch {
        log("webhooks cannot be delivered: \(error)")
        pause = Self.failurePause
      }
      do { try await world.sleep(for: pause) } catch { return }
    }
  }

  /// Makes one attempt for each of the deliveries that are due, at most ``batchLimit``.
  /// - Returns: how many there were.
  func deliverDue() async throws -> Int {
    let claimed = try await claim()
    guard !claimed.isEmpty else { return 0 }
    let outcomes = await withTaskGroup(of: (Int, Outcome).self) { group in
      for (index, delivery) in claimed.enumerated() {
        group.addTask { (index, (delivery, await self.attempt(delivery))) }
      }
      var outcomes: [(Int, Outcome)] = []
      for await outcome in group { outcomes.append(outcome) }
      return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
    }
    try await settle(outcomes)
    return claimed.count
  }

  private static func due(_ now: WallTime) -> Selection<WebhookDelivery> {
    WebhookDelivery.where(WebhookDelivery.state == .pending && WebhookDelivery.dueAt <= now)
      .order(by: WebhookDelivery.dueAt.ascending)
  }

  private func claim() async throws -> [WebhookDelivery] {
    let now = world.clock.wall
    // Most looks find nothing: they cost no transaction.
    guard try await database.first(Self.due(now)) != nil else { return [] }
    return try await database.write("claim webhooks") { transaction in
      var claimed = try transaction.select(Self.due(now).limit(Self.batchLimit).forUpdate)
      guard !claimed.isEmpty else { return [] }
      try transaction.update(
        WebhookDelivery.self, set: WebhookDelivery.dueAt.to(now + Self.lease), WebhookDelivery.attempts.plus(1),
        where: WebhookDelivery.id.isIn(claimed.map(\.id)))
      for index in claimed.indices { claimed[index].attempts += 1 }
      return claimed
    }
  }

  /// - Returns: what went wrong.
  private func attempt(_ delivery: WebhookDelivery) async -> String? {
    guard delivery.attempts <= Self.attemptLimit else { return "the server ended during the last attempt" }
    do {
      let status = try await webhook.sender.post(delivery.message(signedWith: webhook.secret, at: world.clock.wall))
      return (200..<300).contains(status) ? nil : "status \(status)"
    } catch {
      return String("\(error)".prefix(Self.errorLimit))
    }
  }

  private func settle(_ outcomes: [Outcome]) async throws {
    let now = world.clock.wall
    let settled = outcomes.map { delivery, error in
      let isOver = error == nil || delivery.attempts >= Self.attemptLimit
      let state: WebhookDelivery.State = !isOver ? .pending : error == nil ? .delivered : .dead
      return (delivery: delivery, error: error, state: state, at: isOver ? now : now + pause(after: delivery.attempts))
    }
    try await database.write("settle webhooks") { transaction in
      for (delivery, error, state, at) in settled {
        // When the lease ran out and another node claimed it, the attempts are more and it is for that one to say.
        try transaction.update(
          WebhookDelivery.self, set: WebhookDelivery.state.to(state), WebhookDelivery.dueAt.to(at),
          WebhookDelivery.lastError.to(error),
          where: WebhookDelivery.id == delivery.id && WebhookDelivery.attempts == delivery.attempts)
      }
    }
    for (delivery, error, state, _) in settled {
      counts.withLock { counts in
        if error == nil { counts.delivered += 1 } else { counts.failed += 1 }
        if state == .dead { counts.dead += 1 }
      }
      if state == .dead, let error {
        log("webhook delivery \(delivery.id) is given up after \(delivery.attempts) attempts: \(error)")
      }
    }
  }

  private func pause(after attempts: Int64) -> Duration {
    let doublings = Int(clamping: min(max(attempts - 1, 0), 30))
    let longest = min(Self.firstPause * (1 << doublings), Self.longestPause)
    return random.withLock { $0.duration(in: longest / 2...longest) }
  }
}

extension Collaboration {
  /// Makes an attempt for each notification that is due at the webhook, as the timer of ``Webhook/interval`` does.
  /// - Returns: how many attempts were made, at most ``WebhookQueue/batchLimit``.
  @discardableResult
  package func deliverWebhooks() async throws -> Int { try await services.webhooks?.deliverDue() ?? 0 }

  /// What was given up, the latest last.
  package func deadWebhooks(limit: Int) async throws -> [DeadWebhook] {
    try await services.database.select(
      WebhookDelivery.where(WebhookDelivery.state == .dead).order(by: WebhookDelivery.dueAt.ascending).limit(limit)
    ).map { DeadWebhook(id: $0.id.description, attempts: Int($0.attempts), lastError: $0.lastError ?? "") }
  }
}
