private import CCrypto

/// Why there are no secret bytes: the system's random source failed.
package struct RandomSourceFailure: Error, CustomStringConvertible {
  package var description: String { "the system's random source failed" }
}

/// Bytes that nobody can guess, from the system's random source: for a server that keeps real people's secrets. What is
/// played again from a seed takes its bytes from World instead.
/// - Throws: ``RandomSourceFailure``.
package func secretBytes(_ count: Int) throws(RandomSourceFailure) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: count)
  guard RAND_bytes(&bytes, Int32(clamping: count)) == 1 else { throw RandomSourceFailure() }
  return bytes
}
