private import Glibc
private import Report

/// The process's standard streams.
package enum Terminal {
  package static func write(_ text: String) {
    fputs(text, stdout)
    fflush(stdout)
  }

  /// Whether a person reads standard output on a terminal that shows colours.
  package static var showsColors: Bool { TerminalStyle.detected().colour }

  package static func writeError(_ text: String) { fputs(text, stderr) }
}
