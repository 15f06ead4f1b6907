internal import NIOCore
internal import Wire

/// One event loop and its sockets that have something to write: however much is queued to however many of them, there is
/// one wake-up, and one flush for each socket.
final class ServerLane: Sendable {
  let loop: any EventLoop
  private let dirty = DirtyList<NIOSocketOutbound>()

  init(loop: any EventLoop) { self.loop = loop }

  /// Has `outbound` flushed soon; from any thread.
  func mark(_ outbound: NIOSocketOutbound) {
    guard dirty.mark(outbound) else { return }
    loop.execute { for outbound in self.dirty.take() { outbound.flushOnLoop() } }
  }
}
