internal import Synchronization

/// The listeners of a database by channel, in the order they came.
final class Wakeups: Sendable {
  private struct Listener: Sendable {
    let number: UInt64
    let channel: String
    let onWake: @Sendable () -> Void
  }

  private struct State {
    var listeners: [Listener] = []
    var last: UInt64 = 0
  }

  private let state = Mutex(State())

  func add(_ channel: String, _ onWake: @escaping @Sendable () -> Void) -> any Listening {
    let number = state.withLock { state in
      state.last += 1
      state.listeners.append(Listener(number: state.last, channel: channel, onWake: onWake))
      return state.last
    }
    return Registration { [self] in
      state.withLock { $0.listeners.removeAll { $0.number == number } }
    }
  }

  var isEmpty: Bool { state.withLock { $0.listeners.isEmpty } }

  /// Every channel that somebody listens to.
  var channels: [String] {
    state.withLock { state in
      var seen: Set<String> = []
      return state.listeners.map(\.channel).filter { seen.insert($0).inserted }
    }
  }

  func wake(_ channels: [String]) {
    guard !channels.isEmpty else { return }
    for listener in state.withLock({ $0.listeners }) where channels.contains(listener.channel) { listener.onWake() }
  }

  func wakeAll() {
    for listener in state.withLock({ $0.listeners }) { listener.onWake() }
  }
}

private final class Registration: Listening {
  private let end: Mutex<(@Sendable () -> Void)?>

  init(_ end: @escaping @Sendable () -> Void) { self.end = Mutex(end) }

  func cancel() {
    let end = end.withLock { $0.take() }
    end?()
  }
}
