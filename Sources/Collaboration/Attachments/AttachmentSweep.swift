internal import Database
internal import World

/// Deletes files that were never sent, and content that no attachment has any more.
struct AttachmentSweep: Sendable {
  static let batchLimit = 500
  /// How long content may be unused: whoever announces some stores it and takes it up within that time.
  static let grace: Duration = .seconds(60 * 60)

  let database: any Database
  let store: any AttachmentStore

  /// Several nodes may do it at once.
  func sweep(unsentBefore cutoff: WallTime, now: WallTime) async throws {
    while try await dropUnsent(before: cutoff, now: now) {}
    while try await removeUnused(before: now - Self.grace) {}
  }

  private func dropUnsent(before cutoff: WallTime, now: WallTime) async throws -> Bool {
    try await database.write("drop unsent attachments") { transaction in
      try AttachmentService.delete(
        AttachmentRecord.thread.isNull && AttachmentRecord.createdAt < cutoff, limit: Self.batchLimit, now: now,
        transaction) == Self.batchLimit
    }
  }

  /// Marks content that nobody has, deletes it from the store, and forgets it. A mark that a crash left is taken up again.
  private func removeUnused(before cutoff: WallTime) async throws -> Bool {
    let marked = try await database.write("mark unused content") { transaction in
      let old = try transaction.select(
        BlobRecord.where(BlobRecord.unusedSince < cutoff).order(by: BlobRecord.unusedSince.ascending)
          .limit(Self.batchLimit).forUpdate)
      let digests = old.map(\.digest)
      guard !digests.isEmpty else { return [String]() }
      let used = Set(
        try transaction.select(AttachmentRecord.where(AttachmentRecord.digest.isIn(digests))).compactMap(\.digest)
      ).sorted()
      if !used.isEmpty {
        try transaction.update(
          BlobRecord.self, set: BlobRecord.unusedSince.to(nil), where: BlobRecord.digest.isIn(used))
      }
      let unused = digests.filter { !used.contains($0) }
      if !unused.isEmpty {
        try transaction.update(
          BlobRecord.self, set: BlobRecord.isRemoving.to(true), where: BlobRecord.digest.isIn(unused))
      }
      return unused
    }
    for digest in marked { try await store.remove(digest) }
    guard !marked.isEmpty else { return false }
    try await database.write("forget unused content") { transaction in
      _ = try transaction.delete(
        BlobRecord.self, where: BlobRecord.digest.isIn(marked) && BlobRecord.isRemoving == true)
    }
    return marked.count == Self.batchLimit
  }
}
