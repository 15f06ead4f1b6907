internal import NIOCore
private import Synchronization
internal import Wire

/// The queue between a client, on any thread, and its socket's event loop.
final class NIOClientSocket: ClientSocket {
  /// What the client wants to become of the socket; a later one overrules an earlier.
  enum Wish: Sendable {
    case stayOpen
    case close(code: UInt16, reason: String)
    case silence
    case abort(reason: String)
  }

  private struct State {
    var queue: OutboundQueue
    var wish = Wish.stayOpen
    var isMarked = false
  }

  private let lane: ClientLane
  private let handler: NIOLoopBoundBox<ClientSocketHandler?>
  private let state: Mutex<State>

  init(lane: ClientLane, messageLimit: Int, byteLimit: Int) {
    self.lane = lane
    handler = .makeEmptyBox(valueType: ClientSocketHandler.self, eventLoop: lane.loop)
    state = Mutex(State(queue: OutboundQueue(messageLimit: messageLimit, byteLimit: byteLimit)))
  }

  func send(text: [UInt8]) {
    change { state in
      guard case .stayOpen = state.wish else { return }
      if !state.queue.append(OutboundQueue.Message(payload: text)) {
        state.wish = .abort(reason: "Too much waits to be written to the server")
      }
    }
  }

  func close(code: UInt16, reason: String) {
    change { state in
      if case .stayOpen = state.wish { state.wish = .close(code: code, reason: reason) }
    }
  }

  func abort() { change { $0.wish = .abort(reason: "The client cut the connection") } }

  func silence() {
    change { state in
      if case .abort = state.wish { return }
      state.wish = .silence
    }
  }

  private func change(_ body: (inout State) -> Void) {
    let mustMark = state.withLock { state in
      body(&state)
      defer { state.isMarked = true }
      return !state.isMarked
    }
    if mustMark { lane.mark(self) }
  }

  // On the event loop.

  func attach(_ handler: ClientSocketHandler?) { self.handler.value = handler }

  func visitOnLoop() {
    state.withLock { $0.isMarked = false }
    handler.value?.visit()
  }

  func take(atLeast bytes: Int) -> ArraySlice<OutboundQueue.Message> {
    state.withLock { $0.queue.take(atLeast: bytes) }
  }

  /// The wish, and whether all that was queued before it has been taken.
  var wish: (wish: Wish, isDue: Bool) { state.withLock { ($0.wish, $0.queue.isEmpty) } }
}
