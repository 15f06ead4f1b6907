private import Glibc
private import Synchronization

/// Ctrl-C and SIGTERM: the first asks the work to stop and clean up, a second, or a stop that takes too long, removes what
/// must not be left behind and ends the process at once.
package final class Interruption: Sendable {
  /// How long an interrupted run may take to put itself away, in seconds.
  private static let patience: UInt32 = 15

  private struct State {
    var interrupted = false
    var onInterrupt: (@Sendable () -> Void)?
    var lastResort: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  /// There is one, because signals belong to the process.
  package static let shared = Interruption()

  private init() {}

  package var isInterrupted: Bool { state.withLock { $0.interrupted } }

  /// Sets what is called when the process is about to end without having put itself away; it must not wait.
  package func onLastResort(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.lastResort = action } }

  /// Begins to listen for signals, on a thread of its own.
  /// - Parameter onInterrupt: called once, at the first signal.
  package func install(onInterrupt: @escaping @Sendable () -> Void) {
    state.withLock { $0.onInterrupt = onInterrupt }
    // A peer that hangs up must not end the process.
    signal(SIGPIPE, SIG_IGN)
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    // Threads started from here on inherit the mask, so only the thread below takes the signals.
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    var thread = pthread_t()
    pthread_create(&thread, nil, { _ in Interruption.shared.listen() }, nil)
    pthread_detach(thread)
  }

  private func listen() -> UnsafeMutableRawPointer? {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    var number: Int32 = 0
    sigwait(&signals, &number)
    let action = state.withLock { state in
      state.interrupted = true
      return state.onInterrupt
    }
    action?()
    var patience = timespec(tv_sec: Int(Self.patience), tv_nsec: 0)
    sigtimedwait(&signals, nil, &patience)
    state.withLock { $0.lastResort }?()
    _exit(Verdict.interrupted.rawValue)
  }
}
