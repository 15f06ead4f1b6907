internal import Glibc

/// What the terminal can show and the person wants to see.
package struct TerminalStyle: Sendable {
  /// Colours and bold type.
  package var colour: Bool
  /// A progress line that is written over, instead of lines one below the other.
  package var live: Bool
  /// Only failures and the totals.
  package var quiet: Bool
  package var verbose: Bool

  package init(colour: Bool, live: Bool, quiet: Bool = false, verbose: Bool = false) {
    self.colour = colour
    self.live = live
    self.quiet = quiet
    self.verbose = verbose
  }

  /// Colours only on a terminal, and not where `NO_COLOR` is set and not empty (no-color.org) or the terminal is dumb.
  package static func detected(quiet: Bool = false, verbose: Bool = false) -> TerminalStyle {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let isDumb = environment("TERM") == "dumb"
    let isPlain = !(environment("NO_COLOR") ?? "").isEmpty
    return TerminalStyle(
      colour: isTerminal && !isDumb && !isPlain, live: isTerminal && !isDumb && !quiet, quiet: quiet, verbose: verbose)
  }

  private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  enum Paint: String {
    case red = "31"
    case green = "32"
    case yellow = "33"
    case dim = "2"
    case bold = "1"
  }

  func paint(_ text: String, _ paint: Paint) -> String {
    colour ? "\u{1b}[\(paint.rawValue)m\(text)\u{1b}[0m" : text
  }
}
