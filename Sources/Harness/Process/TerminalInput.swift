private import Glibc
internal import Server
internal import World

/// Lines that a person types.
package final class TerminalInput: Sendable {
  private let reading = BlockingQueue()
  private let lines = Mailbox<String?>(limit: 16)

  package init() {}

  /// Whether a person can be asked: standard input and output are a terminal.
  package static var isThere: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  /// The next line; `nil` at the end of the input, and when the task is cancelled.
  package func line() async -> String? {
    reading.run { [lines] in lines.send(readLine()) }
    return await lines.next() ?? nil
  }
}
