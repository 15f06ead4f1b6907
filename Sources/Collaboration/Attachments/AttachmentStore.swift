private import Synchronization

/// Where the bytes of attachments are. Content is named by what it is: the SHA-256 of the bytes, in hexadecimal digits.
package protocol AttachmentStore: Sendable {
  /// Keeps the bytes; when it returns they outlive a crash, and nobody has ever seen a part of them. Storing again what is
  /// there does nothing.
  func put(_ bytes: [UInt8], digest: String) async throws

  /// - Returns: `nil` when there is no such content.
  /// - Throws: ``DamagedContent`` when what is kept is not what was stored.
  func get(_ digest: String) async throws -> [UInt8]?

  /// Forgets the bytes; does nothing when there are none.
  func remove(_ digest: String) async throws
}

/// What is kept under a digest has another one.
package struct DamagedContent: Error, Hashable, Sendable, CustomStringConvertible {
  let digest: String
  package var description: String { "the attachment content \(digest) is damaged: restore it from a backup" }
}

/// Keeps attachments in memory: for simulations, tests and servers on a database that goes with them.
package final class MemoryAttachmentStore: AttachmentStore {
  private let contents = Mutex<[String: [UInt8]]>([:])

  package init() {}

  /// How many different contents there are.
  package var count: Int { contents.withLock(\.count) }

  package func put(_ bytes: [UInt8], digest: String) async throws { contents.withLock { $0[digest] = bytes } }
  package func get(_ digest: String) async throws -> [UInt8]? { contents.withLock { $0[digest] } }
  package func remove(_ digest: String) async throws { contents.withLock { $0[digest] = nil } }
}
