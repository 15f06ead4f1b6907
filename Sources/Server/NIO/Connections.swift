internal import NIOCore
private import Synchronization

/// The connections that are open, up to a limit.
final class Connections: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    /// How many each address has, where that is limited.
    var byAddress: [String: Int] = [:]
  }

  private let limits: NetworkLimits
  private let metrics: ServerMetrics
  private let state = Mutex(State())
  private let work = RunningWork()

  init(_ limits: NetworkLimits, _ metrics: ServerMetrics) {
    self.limits = limits
    self.metrics = metrics
  }

  /// - Returns: false when there are too many, or none are taken any more.
  func add(_ channel: any Channel) -> Bool {
    let key = ObjectIdentifier(channel)
    let address = limits.connectionsPerAddress == nil ? nil : channel.remoteAddress?.ipAddress
    let isTaken = state.withLock { state in
      if let address, state.byAddress[address] ?? 0 >= limits.connectionsPerAddress ?? .max { return false }
      guard state.channels.count < limits.connections, work.begin() else { return false }
      state.channels[key] = channel
      if let address { state.byAddress[address, default: 0] += 1 }
      return true
    }
    guard isTaken else {
      metrics.connectionsRefused.add()
      return false
    }
    metrics.connections.add()
    channel.closeFuture.whenComplete { [self] _ in
      state.withLock { state in
        state.channels[key] = nil
        guard let address, let count = state.byAddress[address] else { return }
        state.byAddress[address] = count > 1 ? count - 1 : nil
      }
      metrics.connections.add(-1)
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

  private var all: [any Channel] { state.withLock { Array($0.channels.values) } }
}
