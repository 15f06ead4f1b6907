internal import NIOCore
internal import Wire

/// One event loop and its sockets that have something to write: one wake-up for all, one flush for each.
final class ClientLane: Sendable {
  let loop: any EventLoop
  private let dirty = DirtyList<NIOClientSocket>()

  init(loop: any EventLoop) { self.loop = loop }

  /// Has `socket` visited soon; from any thread.
  func mark(_ socket: NIOClientSocket) {
    guard dirty.mark(socket) else { return }
    loop.execute { for socket in self.dirty.take() { socket.visitOnLoop() } }
  }
}
