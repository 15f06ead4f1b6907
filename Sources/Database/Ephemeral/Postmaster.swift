internal import Glibc
internal import Synchronization
internal import World

/// The server process of a cluster. The thread that starts it stays until it ends: the kernel ends the server with that
/// thread, and so with us, even when we are killed.
final class Postmaster: Sendable {
  private static let startTimeout = Duration.seconds(30)
  private static let pollInterval = Duration.milliseconds(3)
  /// How long a stop may take before the server is killed.
  private static let stopTimeoutMilliseconds = 5_000

  private struct State {
    var pid: Int32?
    var startError: (any Error)?
    var end: ProcessEnd?
    /// The signal that is to end it, kept because the end can be wanted before there is a process.
    var ending: Int32?
  }

  private let state = Mutex(State())
  private let folder: String
  private let ended = Latch()

  /// Starts the server over `<folder>/data`.
  init(_ installation: PostgresInstallation, _ processes: any ProcessRunner, folder: String) throws {
    self.folder = folder
    let command = installation.command("postgres", ["-D", "\(folder)/data"])
    try DriverThread.start { [self] in
      do {
        let pid = try processes.start(command, input: "/dev/null", output: "\(folder)/postgres.log")
        state.withLock { state in
          state.pid = pid
          if let signal = state.ending { kill(pid, signal) }
        }
        let end = processes.wait(pid)
        state.withLock {
          $0.pid = nil
          $0.end = end
        }
      } catch { state.withLock { $0.startError = error } }
      ended.open()
    }
  }

  /// Waits until the server takes connections: it says so in the eighth line of its pid file.
  func ready(_ world: World) async throws {
    let deadline = world.clock.now + Self.startTimeout
    while world.clock.now < deadline {
      let (error, end) = state.withLock { ($0.startError, $0.end) }
      if let error { throw error }
      if end != nil {
        let log = Files.read("\(folder)/postgres.log")?.lastLine ?? "it said nothing"
        throw EphemeralError("Postgres did not start: \(log)")
      }
      if Self.isReady("\(folder)/data") { return }
      try await world.sleep(for: Self.pollInterval)
    }
    throw EphemeralError("Postgres did not start within \(Self.startTimeout)")
  }

  /// Ends the server and waits for it.
  /// - Parameter signal: SIGINT lets it finish its files, SIGQUIT does not, SIGKILL is a crash.
  func stop(_ signal: Int32) async {
    send(signal)
    await ended.wait()
  }

  /// Ends the server at once, blocking for as long as it takes.
  func stopNow() {
    send(SIGQUIT)
    for _ in 0..<Self.stopTimeoutMilliseconds {
      if state.withLock({ $0.end != nil || $0.startError != nil }) { return }
      usleep(1_000)
    }
    send(SIGKILL)
  }

  private func send(_ signal: Int32) {
    state.withLock { state in
      state.ending = signal
      if let pid = state.pid { kill(pid, signal) }
    }
  }

  private static func isReady(_ data: String) -> Bool {
    guard let text = Files.read("\(data)/postmaster.pid") else { return false }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.count > 7 && lines[7].hasPrefix("ready")
  }

  /// Ends the server that a dead process left over a data folder, if it is still there.
  static func endAbandoned(_ data: String) {
    guard let text = Files.read("\(data)/postmaster.pid"), let first = text.split(separator: "\n").first,
      let pid = Int32(first), Files.resolved("/proc/\(pid)/cwd") == Files.resolved(data)
    else { return }
    kill(pid, SIGQUIT)
    for _ in 0..<stopTimeoutMilliseconds {
      if kill(pid, 0) != 0 { return }
      usleep(1_000)
    }
    kill(pid, SIGKILL)
  }
}
