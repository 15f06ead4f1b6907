internal import Database
private import Glibc
internal import World

/// A server of ours in a process of its own.
final class ServerProcess: Sendable {
  /// How long it may take until it listens.
  private static let startLimit = Duration.seconds(60)
  private static let pollInterval = Duration.milliseconds(5)

  let pid: Int32
  /// `http://host:port`.
  let url: String

  /// Starts `COMMAND serve` on an ephemeral database and any free port, and returns when it listens.
  /// - Parameters:
  ///   - command: the build's `rehearse`, as a shell would start it; it must become the server (`exec`).
  ///   - arguments: further ones of `serve`.
  ///   - output: the file for what it prints.
  /// - Throws: ``HarnessError`` when it does not come to listen.
  init(_ command: String, database: String, arguments: [String], output: String, world: World) async throws {
    try RunFolder.write([], to: output)
    // "$@" keeps what follows as single words.
    let words = ["/bin/sh", "-c", "exec \(command) serve \"$@\"", "serve", "--port", "0", "--database", database]
    let pid: Int32
    do {
      pid = try SystemProcesses().start(
        words + ["--log-level", "warning"] + arguments, input: "/dev/null", output: output)
    } catch { throw HarnessError("'\(command) serve' cannot be started: \(error.message).") }
    let deadline = world.clock.now + Self.startLimit
    do {
      while true {
        if let url = Self.url(in: output) {
          (self.pid, self.url) = (pid, url)
          return
        }
        guard world.clock.now < deadline, !Self.hasEnded(pid) else {
          throw HarnessError("'\(command) serve' does not listen.", hint: "Its output is in \(output).")
        }
        try await world.sleep(for: Self.pollInterval)
      }
    } catch {
      Self.end(pid)
      throw error
    }
  }

  /// Of all its threads so far.
  var processorTime: Duration? { ProcessorClock.process(pid).map { .nanoseconds($0) } }

  /// Has it drain, and waits until it is gone.
  func stop() { Self.end(pid) }

  private static func end(_ pid: Int32) {
    kill(pid, SIGTERM)
    _ = SystemProcesses().wait(pid)
  }

  private static func url(in file: String) -> String? {
    guard let bytes = try? RunFolder.read(file) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let start = text.firstRange(of: "Listening on ")?.upperBound else { return nil }
    let url = text[start...].prefix { $0 != " " }
    return text[url.endIndex...].isEmpty ? nil : String(url)
  }

  /// Whether it is a process that has ended and nobody has waited for (proc(5)).
  private static func hasEnded(_ pid: Int32) -> Bool {
    guard let bytes = try? RunFolder.read("/proc/\(pid)/stat") else { return true }
    return String(decoding: bytes, as: UTF8.self).contains(") Z ")
  }
}
