internal import Cryptography

/// Which build this is.
package enum Build {
  /// The version of the package.
  package static let version = "0.1.0"

  /// The version and the first 12 digits of the SHA-256 of the executable itself: two builds that differ are told apart,
  /// wherever the binary was copied to.
  package static func identifier() -> String { own }

  // Read once: the executable is large.
  private static let own: String = {
    guard let executable = try? RunFolder.read("/proc/self/exe") else { return version }
    return "\(version)+\(hexadecimal(sha256(executable)).prefix(12))"
  }()
}
