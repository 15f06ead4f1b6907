internal import Cryptography
internal import Database

/// How client tokens may be signed (RFC 7518, section 3.1; RFC 8037, section 3.1).
package enum TokenAlgorithm: String, Hashable, DatabaseValue {
  case hs256 = "HS256"
  case rs256 = "RS256"
  case edDSA = "EdDSA"
}

/// A key with the one algorithm that it is used with: a token cannot choose another, or a public key could be passed off
/// as a secret.
package struct TokenKey: Hashable, Sendable {
  package let algorithm: TokenAlgorithm
  /// A secret (HS256), or a SubjectPublicKeyInfo, DER.
  package let material: [UInt8]

  package init(algorithm: TokenAlgorithm, material: [UInt8]) {
    self.algorithm = algorithm
    self.material = material
  }

  /// Reads a key as an operator gives it.
  /// - Parameter text: a PEM public key.
  /// - Throws: ``SeedError``.
  package init(publicKey text: String) throws(SeedError) {
    do throws(PublicKeyFault) {
      let key = try PublicKey(pem: text)
      self.init(algorithm: key.kind == .rsa ? .rs256 : .edDSA, material: key.der)
    } catch {
      let reason =
        switch error {
        case .unreadable: "it is no PEM public key"
        case .kind: "it is neither an RSA nor an Ed25519 key"
        case .tooShort: "an RSA key must have at least \(PublicKey.rsaMinimumBits) bits"
        }
      throw SeedError(description: "the key cannot be used: \(reason)")
    }
  }

  func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    switch algorithm {
    case .hs256:
      // A key without a secret verifies nothing.
      !material.isEmpty && equalInConstantTime(hmacSHA256(key: material, message), signature)
    case .rs256, .edDSA: (try? PublicKey(der: material))?.verifies(signature, of: message) ?? false
    }
  }
}
