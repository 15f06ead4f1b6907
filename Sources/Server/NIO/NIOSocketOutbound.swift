internal import NIOCore
private import Synchronization
internal import Wire

/// What writes, on its event loop, what is queued.
protocol OutboundDrain: AnyObject {
  func flush()
}

/// The queue between a session, on any thread, and its connection's event loop.
final class NIOSocketOutbound: SocketOutbound {
  private struct State {
    var queue: OutboundQueue
    var isMarked = false
    var close: (code: CloseCode, reason: String)?
    var isEnded = false

    /// - Returns: whether the lane has to be told.
    mutating func mark() -> Bool {
      defer { isMarked = true }
      return !isMarked
    }
  }

  private let lane: ServerLane
  private let handler: NIOLoopBoundBox<(any OutboundDrain)?>
  private let state: Mutex<State>

  init(lane: ServerLane, messageLimit: Int, byteLimit: Int) {
    self.lane = lane
    handler = .makeEmptyBox(valueType: (any OutboundDrain).self, eventLoop: lane.loop)
    state = Mutex(State(queue: OutboundQueue(messageLimit: messageLimit, byteLimit: byteLimit)))
  }

  func send(prefix: [UInt8], payload: [UInt8], suffix: [UInt8]) -> Bool {
    let (isTaken, mustMark) = state.withLock { state in
      guard state.close == nil, !state.isEnded else { return (false, false) }
      let message = OutboundQueue.Message(prefix: prefix, payload: payload, suffix: suffix)
      return state.queue.append(message) ? (true, state.mark()) : (false, false)
    }
    if mustMark { lane.mark(self) }
    return isTaken
  }

  func close(_ code: CloseCode, reason: String) {
    let mustMark = state.withLock { state in
      guard state.close == nil, !state.isEnded else { return false }
      state.close = (code, reason)
      return state.mark()
    }
    if mustMark { lane.mark(self) }
  }

  // On the event loop.

  func attach(_ handler: any OutboundDrain) { self.handler.value = handler }

  func detach() {
    handler.value = nil
    state.withLock { state in
      state.isEnded = true
      state.queue = OutboundQueue(messageLimit: 0, byteLimit: 0)
    }
  }

  func flushOnLoop() {
    state.withLock { $0.isMarked = false }
    handler.value?.flush()
  }

  func take(atLeast bytes: Int) -> ArraySlice<OutboundQueue.Message> {
    state.withLock { $0.queue.take(atLeast: bytes) }
  }

  /// How the session wants the connection closed, once what is queued has been written.
  var wantedClose: (code: CloseCode, reason: String, isDue: Bool)? {
    state.withLock { state in state.close.map { ($0.code, $0.reason, state.queue.isEmpty) } }
  }
}
