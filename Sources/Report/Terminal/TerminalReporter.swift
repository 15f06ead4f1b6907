package import Scenario
package import Swarm
private import Synchronization

/// Shows a run while it goes on: a line that is written over on a terminal, plain lines elsewhere.
package final class TerminalReporter: Sendable {
  /// Between two plain progress lines of a load run, in seconds: a log is not a terminal.
  private static let plainProgressInterval: Int64 = 5

  private let style: TerminalStyle
  private let text: TerminalText
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  private struct State {
    var lineIsOpen = false
    var running: [String] = []
    var done = 0
    var lastPlainProgress: Int64?
  }

  /// - Parameter write: puts text on standard output as it is, in order.
  package init(
    style: TerminalStyle, sourceLine: @escaping @Sendable (Mark) -> String?, write: @escaping @Sendable (String) -> Void
  ) {
    self.style = style
    self.write = write
    text = TerminalText(style: style, sourceLine: sourceLine)
  }

  /// A line of its own, such as what is being set up.
  package func say(_ line: String) {
    guard !style.quiet else { return }
    state.withLock { write(close(&$0) + line + "\n") }
  }

  package func started(_ name: String, of total: Int) {
    state.withLock { state in
      state.running.append(name)
      guard style.live else { return }
      write(overwrite(&state, "[\(state.done + 1)/\(total)] \(name)"))
    }
  }

  package func progress(_ progress: RunProgress) {
    guard !style.quiet else { return }
    state.withLock { state in
      if style.live { return write(overwrite(&state, text.line(for: progress))) }
      let second = progress.elapsed.components.seconds
      if let last = state.lastPlainProgress, second >= last, second - last < Self.plainProgressInterval { return }
      state.lastPlainProgress = second
      write("  \(text.line(for: progress))\n")
    }
  }

  package func ended(_ result: ScenarioResult) {
    state.withLock { state in
      state.done += 1
      if let index = state.running.firstIndex(of: result.name) { state.running.remove(at: index) }
      let isNews = [.failed, .errored, .flaky].contains(result.status)
      guard !style.quiet || isNews else { return }
      var output = close(&state) + text.line(for: result) + "\n"
      if style.live, let name = state.running.first { output += overwrite(&state, name) }
      write(output)
    }
  }

  package func finished(_ summary: RunSummary) {
    state.withLock { write(close(&$0) + text.text(for: summary)) }
  }

  private func overwrite(_ state: inout State, _ line: String) -> String {
    state.lineIsOpen = true
    // Without the automatic margins, so that a line longer than the terminal is cut and not wrapped.
    return "\r\u{1b}[2K\u{1b}[?7l\(line)\u{1b}[?7h"
  }

  private func close(_ state: inout State) -> String {
    guard state.lineIsOpen else { return "" }
    state.lineIsOpen = false
    return "\r\u{1b}[2K"
  }
}
