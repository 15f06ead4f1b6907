// Cryptography: digests, message authentication and the text forms of bytes, from the system's libcrypto. Nothing here
// is home-made but base64url and hexadecimal.

private import CCrypto

/// SHA-256 (FIPS 180-4) of `bytes`: 32 bytes.
package func sha256(_ bytes: [UInt8]) -> [UInt8] {
  var digest = [UInt8](repeating: 0, count: 32)
  var length: UInt32 = 0
  EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
  return digest
}

/// SHA-1 (FIPS 180-4) of `bytes`: 20 bytes. For protocols that ask for it as a check, never for security.
package func sha1(_ bytes: [UInt8]) -> [UInt8] {
  var digest = [UInt8](repeating: 0, count: 20)
  var length: UInt32 = 0
  EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha1(), nil)
  return digest
}

/// HMAC-SHA-256 (RFC 2104) of `bytes` under `key`: 32 bytes.
package func hmacSHA256(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
  var code = [UInt8](repeating: 0, count: 32)
  var length: UInt32 = 0
  HMAC(EVP_sha256(), key, Int32(clamping: key.count), bytes, bytes.count, &code, &length)
  return code
}

/// Compares in a time that depends on the lengths alone.
package func equalInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
