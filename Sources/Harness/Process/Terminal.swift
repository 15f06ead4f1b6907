private import Glibc
private import Report

/// The process's standard streams.
package enum Terminal {
  // A reader that is gone takes nothing more; that is no reason to stop the work.
  package static func write(_ text: String) { _ = writeAll(text.utf8, to: STDOUT_FILENO) }

  /// Whether a person reads standard output on a terminal that shows colours.
  package static var showsColors: Bool { TerminalStyle.detected().colour }

  /// Whether a person watches standard output.
  static var isWatched: Bool { isatty(STDOUT_FILENO) == 1 }

  static func writeError(_ bytes: [UInt8]) { _ = writeAll(bytes, to: STDERR_FILENO) }

  package static func writeError(_ text: String) { _ = writeAll(text.utf8, to: STDERR_FILENO) }
}
