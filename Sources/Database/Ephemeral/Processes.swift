private import CGlibc
internal import Glibc
private import Synchronization

/// How a process that was started came to its end.
package struct ProcessEnd: Hashable, Sendable {
  /// The exit code, or 128 plus the signal that ended it.
  package let code: Int32
}

/// Starts processes; injected so that what depends on them can be tried without them.
package protocol ProcessRunner: Sendable {
  /// Starts a process in a process group of its own, its output appended to a file.
  /// - Parameters:
  ///   - arguments: the first is the path of the program.
  ///   - input: the path of a file that it reads.
  /// - Returns: its pid.
  /// - Throws: `EphemeralError` when it cannot be started.
  func start(_ arguments: [String], input: String, output: String) throws(EphemeralError) -> Int32

  /// Blocks until the process ends.
  func wait(_ pid: Int32) -> ProcessEnd
}

/// `posix_spawn`.
package struct SystemProcesses: ProcessRunner {
  /// How long ``endAll()`` waits for the processes it has killed.
  private static let endTimeoutMilliseconds = 5_000
  /// How long their children may then take to end by themselves.
  private static let childTimeoutMilliseconds = 3_000

  private struct Living {
    /// The processes that were started and have not ended.
    var pids: [Int32] = []
    var isEnding = false
  }

  private static let living = Mutex(Living())

  package init() {}

  /// Kills what was started and still runs, lets nothing start any more, and waits until all of it is gone. The process is
  /// to end afterwards.
  static func endAll() {
    let groups = living.withLock { living in
      living.isEnding = true
      return living.pids
    }
    for _ in 0..<endTimeoutMilliseconds {
      let isQuiet = living.withLock { living in
        for pid in living.pids { kill(pid, SIGKILL) }
        return living.pids.isEmpty
      }
      if isQuiet { break }
      usleep(1_000)
    }
    // The servers that `initdb` starts end by themselves when it is gone, and take their shared memory with them; killed,
    // they would leave it behind, and nothing would tell whose it was.
    for _ in 0..<childTimeoutMilliseconds {
      if !groups.contains(where: ProcessIdentity.groupLives) { return }
      usleep(1_000)
    }
    for group in groups { kill(-group, SIGKILL) }
  }

  package func start(_ arguments: [String], input: String, output: String) throws(EphemeralError) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // A child that kept a copy of a listening or connected socket would keep it open after we have closed it.
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)

    // Signals as a shell would give them, and out of reach of the terminal's Ctrl-C: we end it ourselves.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var every = sigset_t()
    sigemptyset(&none)
    sigfillset(&every)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &every)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))

    guard let program = arguments.first else { throw EphemeralError("no program was named") }
    let pointers = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var pid: Int32 = 0
    // Within the lock: who ends all processes must not miss one.
    let code = Self.living.withLock { living in
      if living.isEnding { return ECANCELED }
      let code = posix_spawn(&pid, program, &actions, &attributes, pointers, environ)
      if code == 0 { living.pids.append(pid) }
      return code
    }
    guard code == 0 else {
      throw EphemeralError("\(program) could not be started: \(String(cString: strerror(code)))")
    }
    return pid
  }

  package func wait(_ pid: Int32) -> ProcessEnd {
    var information = siginfo_t()
    while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    // Before its pid can become another's.
    let isEnding = Self.living.withLock { living in
      living.pids.removeAll { $0 == pid }
      return living.isEnding
    }
    var status: Int32 = 0
    var isReaped = true
    while isReaped, waitpid(pid, &status, 0) < 0 { isReaped = errno == EINTR }
    // Who waits would remove the folder that children still write into; `endAll` comes back to nobody.
    while isEnding { pause() }
    guard isReaped else { return ProcessEnd(code: 0) }
    let signal = status & 0x7f
    return ProcessEnd(code: signal == 0 ? status >> 8 & 0xff : 128 + signal)
  }
}

extension ProcessRunner {
  /// Runs a process to its end, on a thread of its own.
  func run(_ arguments: [String], input: String = "/dev/null", output: String) async throws -> ProcessEnd {
    try await DriverThread.run {
      let pid = try start(arguments, input: input, output: output)
      return wait(pid)
    }
  }
}
