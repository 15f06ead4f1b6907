internal import NIOCore
private import Synchronization

/// The connections that are open, up to a limit.
final class Connections: Sendable {
  private let limit: Int
  private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
  private let work = RunningWork()

  /// How many there are, for metrics.
  private let open: Counter

  init(limit: Int, open: Counter) {
    self.limit = limit
    self.open = open
  }

  /// - Returns: false when there are too many, or none are taken any more.
  func add(_ channel: any Channel) -> Bool {
    let key = ObjectIdentifier(channel)
    let isTaken = channels.withLock { channels in
      guard channels.count < limit, work.begin() else { return false }
      channels[key] = channel
      return true
    }
    guard isTaken else { return false }
    open.add()
    channel.closeFuture.whenComplete { [self] _ in
      _ = channels.withLock { $0.removeValue(forKey: key) }
      open.add(-1)
      work.end()
    }
    return true
  }

  func tellAll(_ event: some Sendable) {
    for channel in all { channel.pipeline.fireUserInboundEventTriggered(event) }
  }

  func cutAll() {
    for channel in all { channel.close(promise: nil) }
  }

  /// Returns when none is open any more; from the call on, none is taken.
  func ended() async { await work.drain() }

  private var all: [any Channel] { channels.withLock { Array($0.values) } }
}
