private import Glibc
private import Report

/// The process's standard streams.
package enum Terminal {
  package static func write(_ text: String) {
    put(text, to: STDOUT_FILENO)
  }

  /// Whether a person reads standard output on a terminal that shows colours.
  package static var showsColors: Bool { TerminalStyle.detected().colour }

  package static func writeError(_ text: String) { put(text, to: STDERR_FILENO) }

  private static func put(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      // A reader that is gone takes nothing more; that is no reason to stop the work.
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
