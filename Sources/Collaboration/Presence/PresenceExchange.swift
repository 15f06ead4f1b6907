internal import Database
private import Synchronization
internal import World

/// Tells the other nodes of the database who is here, and hears who is there.
///
/// Through tables with a wake-up, not through the payloads of `NOTIFY`: a node that starts, or that missed something, reads
/// what there is; nothing is lost with a connection, nothing is too long, and SQLite does the same. One task does one
/// round at a time: write what is new here, read what is new elsewhere. It rests unless somebody is here or there.
final class PresenceExchange: Sendable {
  static let channel = "presence"
  /// Most places that one transaction tells of.
  static let batchLimit = 500
  /// Most other nodes that are listened to; the newest.
  static let nodeLimit = 256
  /// Departures are kept for a lease, and no more than so many announcements long.
  static let departureLimit = 1_000
  /// Beats within a lease, at least; each comes up to a fifth earlier, so that nodes do not keep step.
  static let beatsPerLease = 6
  /// Before a round is tried again that failed.
  static let retryPause: Duration = .seconds(1)

  private struct State {
    var isRunning = false
    /// Something may be new since the running round began.
    var isAsked = true
    var waiting: [CheckedContinuation<Void, Never>] = []
    var timer: Task<Void, Never>?
    var timerDeadline: Instant?
    var isStopped = false
  }

  /// What only the running round touches.
  private struct Own: Sendable {
    var record: PresenceNodeRecord
    /// Whether the database has the record, as far as is known.
    var isKnown = false
    var nextBeat: Instant
    /// Versions with departures, and when they were told.
    var departures: [(version: Int64, at: Instant)] = []
    var jitter: RandomStream
  }

  private let world: World
  private let database: any Database
  private let presence: PresenceService
  private let lease: Duration
  private let report: @Sendable (any Error) -> Void
  private let state = Mutex(State())
  private let own: Mutex<Own>
  private let peers: Mutex<PresencePeers>

  init(
    world: World, database: any Database, presence: PresenceService, lease: Duration,
    report: @escaping @Sendable (any Error) -> Void
  ) {
    self.world = world
    self.database = database
    self.presence = presence
    self.lease = lease
    self.report = report
    let record = PresenceNodeRecord(
      id: presence.node, beat: 0, beatenAt: world.clock.wall, version: 0, trimmedThrough: 0)
    own = Mutex(Own(record: record, nextBeat: world.clock.now, jitter: world.random("presence beats")))
    // With the pause between two looks at the others, a dead node is forgotten within the lease.
    peers = Mutex(PresencePeers(patience: lease * 2 / 3))
  }

  /// Something may be new, here or elsewhere. Cheap.
  func wake() {
    let starts = state.withLock { state in
      guard !state.isStopped else { return false }
      state.isAsked = true
      guard !state.isRunning else { return false }
      state.isRunning = true
      return true
    }
    if starts { world.spawn { await self.run() } }
  }

  /// Returns after a round that began later than this call, whether or not it worked.
  func settle() async {
    await withCheckedContinuation { continuation in
      let isStopped = state.withLock { state in
        if !state.isStopped { state.waiting.append(continuation) }
        return state.isStopped
      }
      if isStopped { continuation.resume() } else { wake() }
    }
  }

  /// Tells that everybody here has left, and ends.
  func stop() async {
    if presence.hasAnnouncements { await settle() }
    let waiting = state.withLock { state in
      state.isStopped = true
      state.timer?.cancel()
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  private func run() async {
    while true {
      let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>]? in
        guard state.isAsked, !state.isStopped else {
          state.isRunning = false
          return nil
        }
        state.isAsked = false
        defer { state.waiting = [] }
        return state.waiting
      }
      guard let waiting else { return }
      do {
        try await announce()
        try await hear()
        scheduleNext()
      } catch let error as DatabaseError where error.kind == .closed {
        // The caller has done with it: nobody else is told anything any more.
      } catch {
        report(error)
        schedule(at: world.clock.now + Self.retryPause)
      }
      for continuation in waiting { continuation.resume() }
    }
  }

  // Telling.

  private func announce() async throws {
    while true {
      let now = world.clock.now
      let isBeat = presence.hasSockets && own.withLock { $0.nextBeat <= now }
      let batch = presence.takeAnnouncements(limit: Self.batchLimit)
      guard isBeat || !batch.isEmpty else { return }
      do { try await tell(batch, now) } catch {
        presence.putBack(batch)
        throw error
      }
    }
  }

  private func tell(_ batch: [PresenceState.Announcement], _ now: Instant) async throws {
    let wall = world.clock.wall
    let (record, isKnown, trims) = own.withLock { own in
      var record = own.record
      record.beat += 1
      record.beatenAt = wall
      if !batch.isEmpty { record.version += 1 }
      let over = own.departures.prefix { $0.at + lease <= now }.count
      let trimmed = own.departures.prefix(max(over, own.departures.count - Self.departureLimit))
      record.trimmedThrough = trimmed.last?.version ?? record.trimmedThrough
      own.departures.removeFirst(trimmed.count)
      return (record, own.isKnown, !trimmed.isEmpty)
    }
    let rows = batch.map { PresenceRecord($0, by: record.id, version: record.version) }
    let wasThere = try await database.write("announce presence") { transaction in
      let wasThere = try transaction.update(record)
      if !wasThere { try transaction.insert(record) }
      for row in rows {
        try transaction.upsert(row)
        let visit = VisitRecord(row.announcement.place, organization: row.stay.organization, seenAt: wall)
        try transaction.upsert(
          visit, onConflict: (VisitRecord.page, VisitRecord.user), set: VisitRecord.seenAt.toInserted)
      }
      if trims {
        try transaction.delete(
          PresenceRecord.self,
          where: PresenceRecord.node == record.id && PresenceRecord.version <= record.trimmedThrough
            && PresenceRecord.isPresent == false)
      }
      if !rows.isEmpty { try transaction.notify(Self.channel) }
      return wasThere
    }
    // Somebody took this node for dead, or Postgres lost its unlogged tables.
    if isKnown, !wasThere { presence.announceAgain() }
    own.withLock { own in
      own.record = record
      own.isKnown = true
      if batch.contains(where: { !$0.isPresent }) { own.departures.append((record.version, now)) }
      let beat = lease / Self.beatsPerLease
      own.nextBeat = now + own.jitter.duration(in: (beat * 4 / 5)...beat)
    }
  }

  // Hearing.

  private func hear() async throws {
    let nodes = try await database.select(
      PresenceNodeRecord.where(PresenceNodeRecord.id != presence.node).order(by: PresenceNodeRecord.id.descending)
        .limit(Self.nodeLimit))
    let reports = nodes.map {
      PresencePeers.Report(node: $0.id, beat: $0.beat, beatenAt: $0.beatenAt, version: $0.version)
    }
    let (gone, readings) = peers.withLock { $0.observe(reports, now: world.clock.now, wall: world.clock.wall) }
    for node in gone { presence.forget(node) }
    for reading in readings { try await read(reading) }
  }

  private func read(_ reading: PresencePeers.Reading) async throws {
    let ofNode = PresenceRecord.node == reading.node
    if let after = reading.after {
      let rows = try await database.select(PresenceRecord.where(ofNode && PresenceRecord.version > after))
      // Asked afterwards: what had been trimmed before the rows were read shows here.
      let node = try await database.find(PresenceNodeRecord.self, reading.node)
      if let node, node.trimmedThrough <= after { return take(rows, reading, isComplete: false) }
    }
    let rows = try await database.select(PresenceRecord.where(ofNode && PresenceRecord.isPresent == true))
    take(rows, reading, isComplete: true)
  }

  private func take(_ rows: [PresenceRecord], _ reading: PresencePeers.Reading, isComplete: Bool) {
    presence.hear(rows.map(\.announcement), from: reading.node, isComplete: isComplete)
    // A reading that saw a later announcement saw all of it, and nothing of what is between was missed.
    let version = rows.map(\.version).max() ?? 0
    peers.withLock { $0.heard(reading.node, through: max(version, reading.through)) }
  }

  // Time.

  /// The next round comes with the next beat, as long as somebody is here whom others must not forget, or there who may
  /// die.
  private func scheduleNext() {
    guard presence.hasAnybody else { return }
    schedule(at: max(own.withLock { $0.nextBeat }, world.clock.now + lease / (2 * Self.beatsPerLease)))
  }

  private func schedule(at deadline: Instant) {
    state.withLock { state in
      guard !state.isStopped, state.timerDeadline.map({ deadline < $0 }) ?? true else { return }
      state.timer?.cancel()
      state.timerDeadline = deadline
      state.timer = world.spawn { [weak self, world] in
        do { try await world.clock.sleep(until: deadline) } catch { return }
        self?.fire(deadline)
      }
    }
  }

  private func fire(_ deadline: Instant) {
    let isDue = state.withLock { state in
      guard state.timerDeadline == deadline else { return false }
      state.timerDeadline = nil
      state.timer = nil
      return true
    }
    if isDue { wake() }
  }
}
