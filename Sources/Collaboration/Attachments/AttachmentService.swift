internal import Cryptography
internal import Database
internal import GraphQL
internal import JSON
internal import World

/// Files: from whoever brings them to those who may see the thread that they are sent to.
struct AttachmentService: Sendable {
  /// Most bytes of one file: a request's body holds no more.
  static let sizeLimit = 1_000_000
  static let nameLimit = 200
  /// Most files of one message.
  static let countLimit = 10
  /// Most files of one person that have not been sent.
  static let unsentLimit = 100
  /// What files may be. Browsers are told to believe it and to save them, not to show them as pages of ours.
  static let contentTypes = [
    "application/pdf", "application/zip", "image/gif", "image/jpeg", "image/png", "image/webp", "text/csv",
    "text/plain",
  ]

  let store: any AttachmentStore
  let world: World

  /// Makes an attachment of the viewer's, with its bytes or to be filled later.
  func create(_ input: JSON, _ context: RequestContext) async throws -> AttachmentRecord {
    var reader = InputReader(input)
    let name = reader.text("name", limit: Self.nameLimit)
    let contentType = reader.text("contentType", limit: Self.nameLimit)
    if name.unicodeScalars.contains(where: { $0 == "/" || $0 == "\\" || $0.value < 0x20 }) {
      reader.fail(.invalid, "'name' must be a file's name: no slashes, no control characters.", ["name"])
    }
    if !contentType.isEmpty, !Self.contentTypes.contains(contentType) {
      let known = Self.contentTypes.joined(separator: ", ")
      reader.fail(.invalid, "'contentType' must be one of \(known).", ["contentType"])
    }
    let content = reader["data"].map { Self.decode($0, &reader) }
    let key = reader.optionalText("idempotencyKey", limit: IdempotencyRecord.keyLimit)
    try reader.finish()
    let (id, now) = (world.ids.next(), world.clock.wall)
    let attachment = try await context.mutate("create attachment") { unit in
      if let earlier = try unit.claim(key, for: "createAttachment", input: input, result: id) {
        guard let attachment = try unit.find(AttachmentRecord.self, earlier) else {
          throw Refusal(.deleted, "The attachment was deleted.", field: ["input", "idempotencyKey"])
        }
        return attachment
      }
      let unsent = AttachmentRecord.uploader == unit.viewer.user && AttachmentRecord.thread.isNull
      guard try unit.transaction.count(AttachmentRecord.where(unsent)) < Self.unsentLimit else {
        throw Refusal(
          .tooLarge, "At most \(Self.unsentLimit) attachments of yours may wait to be sent.", field: ["input"])
      }
      let attachment = AttachmentRecord(
        id: id, organization: unit.viewer.organization, uploader: unit.viewer.user, name: name,
        contentType: contentType, createdAt: now)
      try unit.transaction.insert(attachment)
      return attachment
    }
    guard let content else { return attachment }
    return try await fill(attachment.id, with: content, field: ["input", "data"], context)
  }

  private static func decode(_ data: JSON, _ reader: inout InputReader) -> [UInt8] {
    // The alphabet of URLs is what tokens and cursors use; people's tools write the other one.
    let text = (data.string ?? "").replacing(["+": "-", "/": "_"])
    guard let bytes = decodeBase64URL(text.prefix { $0 != "=" }), !bytes.isEmpty else {
      reader.fail(.invalid, "'data' must be base64 of at least one byte.", ["data"])
      return []
    }
    if bytes.count > sizeLimit { reader.fail(.tooLarge, tooLarge, ["data"]) }
    return bytes
  }

  static let tooLarge = "A file has at most \(sizeLimit) bytes."

  /// Gives an attachment of the viewer's its bytes. The same bytes again change nothing; others are refused.
  func fill(_ id: ID?, with bytes: [UInt8], field: [String], _ context: RequestContext) async throws
    -> AttachmentRecord
  {
    let (viewer, digest) = (try context.viewer(), hexadecimal(sha256(bytes)))
    let before = try await context.reader().find(AttachmentRecord.self, id)
    guard let before, before.uploader == viewer.user else { throw Refusal.notFound("attachment", field: field) }
    guard before.digest == nil else { return try Self.unchanged(before, digest, field) }
    try await context.mutate("announce content") { unit in
      let blob = BlobRecord(digest: digest, unusedSince: unit.now)
      guard try !unit.transaction.insertIfAbsent(blob) else { return }
      let isUnused = BlobRecord.digest == digest && BlobRecord.unusedSince.isNotNull
      try unit.transaction.update(
        BlobRecord.self, set: BlobRecord.unusedSince.to(unit.now), where: isUnused && BlobRecord.isRemoving == false)
      if try unit.transaction.find(BlobRecord.self, digest)?.isRemoving != false { throw Self.removing(field) }
    }
    try await store.put(bytes, digest: digest)
    return try await context.mutate("fill attachment") { unit in
      guard let now = try unit.first(AttachmentRecord.where(AttachmentRecord.id == before.id).forUpdate) else {
        throw Refusal.notFound("attachment", field: field)
      }
      guard now.digest == nil else { return try Self.unchanged(now, digest, field) }
      // Under the row's lock, so that whoever deletes unused content sees that this is used.
      guard
        try unit.transaction.update(
          BlobRecord.self, set: BlobRecord.unusedSince.to(nil),
          where: BlobRecord.digest == digest && BlobRecord.isRemoving == false) == 1
      else { throw Self.removing(field) }
      try unit.transaction.update(
        AttachmentRecord.self, set: AttachmentRecord.digest.to(digest), AttachmentRecord.size.to(Int64(bytes.count)),
        where: AttachmentRecord.id == before.id)
      guard let filled = try unit.find(AttachmentRecord.self, before.id) else {
        throw Refusal.notFound("attachment", field: field)
      }
      return filled
    }
  }

  private static func unchanged(
    _ attachment: AttachmentRecord, _ digest: String, _ field: [String]
  ) throws -> AttachmentRecord {
    guard attachment.digest == digest else {
      throw Refusal(.conflict, "The attachment has other content already.", field: field)
    }
    return attachment
  }

  private static func removing(_ field: [String]) -> Refusal {
    Refusal(.conflict, "The same content is being deleted at this moment; try again.", field: field)
  }

  /// The bytes of an attachment that the viewer may know of; `nil` while they have not come.
  func content(of attachment: AttachmentRecord) async throws -> [UInt8]? {
    guard let digest = attachment.digest else { return nil }
    return try await store.get(digest)
  }

  /// Sends attachments of the viewer's with a message or as an annotation's screenshot: from now on the thread's people
  /// may have them.
  static func send(
    _ asked: [ID?], in thread: ID, isPrivate: Bool, with owner: Assignment<AttachmentRecord>, field: [String],
    mustBeImages: Bool = false, _ unit: WorkUnit
  ) throws {
    guard !asked.isEmpty else { return }
    let ids = asked.compactMap(\.self)
    let isMine = AttachmentRecord.uploader == unit.viewer.user && AttachmentRecord.thread.isNull
    let isReady = isMine && AttachmentRecord.digest.isNotNull && AttachmentRecord.id.isIn(ids)
    let found = try unit.transaction.select(AttachmentRecord.where(isReady).forUpdate)
    guard found.count == asked.count else {
      throw Refusal(
        .notFound, "There is no such attachment of yours that has content and has not been sent.", field: field)
    }
    if mustBeImages, found.contains(where: { !$0.contentType.hasPrefix("image/") }) {
      throw Refusal(.invalid, "A screenshot must be an image.", field: field)
    }
    try unit.transaction.update(
      AttachmentRecord.self, set: owner, AttachmentRecord.thread.to(thread), AttachmentRecord.isPrivate.to(isPrivate),
      where: AttachmentRecord.id.isIn(ids))
  }

  /// Reads `attachmentIds`, keeping faults in `reader`.
  static func ids(_ reader: inout InputReader) -> [ID?] {
    let ids = (reader["attachmentIds"]?.array ?? []).map { $0.string.flatMap { ID($0) } }
    if ids.count > countLimit {
      reader.fail(.tooLarge, "A message has at most \(countLimit) attachments.", ["attachmentIds"])
    }
    return ids
  }

  /// Deletes the attachments that meet a condition. The bytes go with the next sweep, unless others have them too.
  static func delete(
    _ condition: Predicate<AttachmentRecord>, limit: Int = countLimit, now: WallTime, _ transaction: any Transaction
  ) throws -> Int {
    let gone = try transaction.select(
      AttachmentRecord.where(condition).order(by: AttachmentRecord.createdAt.ascending).limit(limit).forUpdate)
    guard !gone.isEmpty else { return 0 }
    try transaction.delete(AttachmentRecord.self, where: AttachmentRecord.id.isIn(gone.map(\.id)))
    let digests = Array(Set(gone.compactMap(\.digest))).sorted()
    if !digests.isEmpty {
      try transaction.update(
        BlobRecord.self, set: BlobRecord.unusedSince.to(now), where: BlobRecord.digest.isIn(digests))
    }
    return gone.count
  }
}

extension String {
  fileprivate func replacing(_ characters: [Character: Character]) -> String {
    String(map { characters[$0] ?? $0 })
  }
}
