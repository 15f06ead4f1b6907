private import Database
private import Glibc
private import Synchronization
internal import World

/// Ctrl-C and SIGTERM: the first asks the work to stop and clean up, a second, or a stop that takes too long, removes what
/// must not be left behind and ends the process at once.
package final class Interruption: Sendable {
  /// How long an interrupted run may take to put itself away.
  package static let usualPatience = Duration.seconds(15)

  private struct State {
    var interrupted = false
    var patience = Interruption.usualPatience
    var onInterrupt: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())
  /// Where the listening thread hears of signals.
  private let listening = Atomic<Int32>(-1)
  /// Where the handler, which may do next to nothing, tells of them.
  private let telling = Atomic<Int32>(-1)

  /// There is one, because signals belong to the process.
  package static let shared = Interruption()

  private init() {}

  package var isInterrupted: Bool { state.withLock { $0.interrupted } }

  /// Begins to listen for signals, on a thread of its own; to be called once.
  ///
  /// A handler and a pipe, because masked signals would reach the main thread after all: libdispatch suspends it with an
  /// empty mask.
  /// - Parameters:
  ///   - patience: how long what was interrupted may take to put itself away; then the process ends at once.
  ///   - onInterrupt: called once, at the first signal.
  package func install(
    patience: Duration = Interruption.usualPatience, onInterrupt: @escaping @Sendable () -> Void
  ) {
    state.withLock { state in
      state.patience = patience
      state.onInterrupt = onInterrupt
    }
    // A peer that hangs up must not end the process.
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    listening.store(ends[0], ordering: .releasing)
    telling.store(ends[1], ordering: .releasing)
    var thread = pthread_t()
    pthread_create(&thread, nil, { _ in Interruption.shared.listen() }, nil)
    pthread_detach(thread)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        var byte: UInt8 = 1
        _ = write(Interruption.shared.telling.load(ordering: .acquiring), &byte, 1)
      }
    }
  }

  private func listen() -> UnsafeMutableRawPointer? {
    let descriptor = listening.load(ordering: .acquiring)
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) != 1 {}
    let (action, patience) = state.withLock { state in
      state.interrupted = true
      return (state.onInterrupt, state.patience)
    }
    action?()
    var again = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&again, 1, Int32(clamping: patience.wholeNanoseconds / 1_000_000))
    removeEphemeralDatabasesNow()
    _exit(Verdict.interrupted.rawValue)
  }
}
