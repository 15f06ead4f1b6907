internal import Glibc

/// Standard output and error, unbuffered, so that a peer who waits for an answer gets it.
enum Output {
  static func line(_ bytes: [UInt8]) { write(bytes + [UInt8(ascii: "\n")], to: STDOUT_FILENO) }
  static func line(_ text: String) { line(Array(text.utf8)) }
  static func error(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }
  static func exit(_ code: Int32) -> Never { Glibc.exit(code) }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }
}
