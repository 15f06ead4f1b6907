private import CCrypto

/// Why bytes are no public key that signatures can be checked with.
package enum PublicKeyFault: Error, Hashable, Sendable {
  case unreadable
  /// Neither RSA nor Ed25519.
  case kind
  /// RSA of fewer than 2,048 bits (RFC 7518, section 3.3).
  case tooShort
}

/// A public key that checks signatures.
package struct PublicKey: Sendable {
  package enum Kind: Hashable, Sendable { case rsa, ed25519 }

  /// Fewest bits of an RSA key.
  package static let rsaMinimumBits: Int32 = 2_048

  package let kind: Kind
  /// SubjectPublicKeyInfo (RFC 5280, section 4.1), DER.
  package let der: [UInt8]

  /// Reads a SubjectPublicKeyInfo.
  package init(der: [UInt8]) throws(PublicKeyFault) {
    let found = Self.withKey(der) { key -> Result<Kind, PublicKeyFault> in
      switch EVP_PKEY_get_base_id(key) {
      case EVP_PKEY_RSA:
        EVP_PKEY_get_bits(key) >= Self.rsaMinimumBits ? .success(.rsa) : .failure(.tooShort)
      case EVP_PKEY_ED25519: .success(.ed25519)
      default: .failure(.kind)
      }
    }
    guard let found else { throw .unreadable }
    kind = try found.get()
    self.der = der
  }

  /// Reads `-----BEGIN PUBLIC KEY-----` (RFC 7468, section 13).
  package init(pem: String) throws(PublicKeyFault) {
    let lines = pem.split(whereSeparator: \.isNewline)
    guard lines.first == "-----BEGIN PUBLIC KEY-----", lines.last == "-----END PUBLIC KEY-----" else {
      throw .unreadable
    }
    let text = lines.dropFirst().dropLast().joined().filter { $0 != "=" }
    let url = text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
    guard let der = decodeBase64URL(String(url)) else { throw .unreadable }
    try self.init(der: der)
  }

  /// Whether a signature is this key's: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, section 3.3), or Ed25519 (RFC 8037).
  package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    let kind = kind
    return Self.withKey(der) { key -> Bool in
      guard let context = EVP_MD_CTX_new() else { return false }
      defer { EVP_MD_CTX_free(context) }
      let digest = kind == .rsa ? EVP_sha256() : nil
      guard EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1 else { return false }
      return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    } ?? false
  }

  private static func withKey<T>(_ der: [UInt8], _ body: (OpaquePointer) -> T) -> T? {
    der.withUnsafeBufferPointer { buffer -> T? in
      var position = buffer.baseAddress
      guard let key = d2i_PUBKEY(nil, &position, buffer.count) else { return nil }
      defer { EVP_PKEY_free(key) }
      // What follows the key is not part of it.
      guard position == buffer.baseAddress.map({ $0 + buffer.count }) else { return nil }
      return body(key)
    }
  }
}
