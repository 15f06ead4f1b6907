package import World

/// Which other nodes live, and how much of what they told has been heard; a state machine without time of its own.
///
/// A node lives as long as its beat grows. That is timed by the clock of who listens, so that clocks need not agree; only
/// of a node that is met for the first time, the age of its last beat is read from its own clock.
package struct PresencePeers: Sendable {
  /// What a node tells of itself.
  package struct Report: Hashable, Sendable {
    package let node: ID
    package let beat: Int64
    package let beatenAt: WallTime
    package let version: Int64

    package init(node: ID, beat: Int64, beatenAt: WallTime, version: Int64) {
      self.node = node
      self.beat = beat
      self.beatenAt = beatenAt
      self.version = version
    }
  }

  /// What is to be read of a node: what it told after a version, or everything.
  package struct Reading: Hashable, Sendable {
    package let node: ID
    package let after: Int64?
    /// What will have been heard then, at least.
    package let through: Int64
  }

  private struct Peer: Sendable {
    var beat: Int64
    /// When it counts as dead.
    var deadline: Instant
    var isAlive: Bool
    /// The version up to which it was heard; `nil`: everything has to be read.
    var heard: Int64?
  }

  /// How long after its last beat a node counts as dead.
  package let patience: Duration
  private var peers: [ID: Peer] = [:]

  package init(patience: Duration) { self.patience = patience }

  /// Takes what all other nodes tell of themselves.
  /// - Returns: who is gone, and what to read of whom.
  package mutating func observe(
    _ reports: [Report], now: Instant, wall: WallTime
  ) -> (gone: [ID], readings: [Reading]) {
    let told = Set(reports.map(\.node))
    var gone = peers.keys.filter { !told.contains($0) }.sorted()
    for node in gone { peers[node] = nil }
    var readings: [Reading] = []
    for report in reports.sorted(by: { $0.node < $1.node }) {
      var peer =
        peers[report.node] ?? Peer(beat: report.beat, deadline: firstDeadline(report, now, wall), isAlive: true)
      if peer.beat != report.beat {
        if !peer.isAlive { peer.heard = nil }
        peer.beat = report.beat
        peer.deadline = now + patience
        peer.isAlive = true
      }
      if peer.isAlive, peer.deadline <= now {
        peer.isAlive = false
        gone.append(report.node)
      }
      if peer.isAlive, peer.heard.map({ report.version > $0 }) ?? true {
        readings.append(Reading(node: report.node, after: peer.heard, through: report.version))
      }
      peers[report.node] = peer
    }
    return (gone, readings)
  }

  /// A node was heard up to a version.
  package mutating func heard(_ node: ID, through version: Int64) { peers[node]?.heard = version }

  private func firstDeadline(_ report: Report, _ now: Instant, _ wall: WallTime) -> Instant {
    let age = max(0, wall.milliseconds.subtractingClamped(report.beatenAt.milliseconds))
    let left = patience - .milliseconds(min(age, patience.wholeNanoseconds / 1_000_000))
    return now + left
  }
}
