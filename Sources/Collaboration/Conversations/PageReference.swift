internal import Database
internal import JSON
internal import World

/// How an input names a page.
enum PageReference: Hashable, Sendable {
  /// `nil` is an id that nothing can have.
  case id(ID?)
  case url(String)

  /// Reads `pageId` or `url`, exactly one of them, keeping faults in `reader`.
  init(_ reader: inout InputReader) {
    let id = reader["pageId"]?.string
    switch (id, reader["url"]) {
    case (let id?, nil): self = .id(ID(id))
    case (nil, _?): self = .url(reader.url("url"))
    default:
      reader.fail(.invalid, "Give exactly one of 'pageId' and 'url'.", [])
      self = .id(nil)
    }
  }
}

extension WorkUnit {
  /// The page, if the viewer may know of it.
  func find(_ reference: PageReference) throws -> PageRecord? {
    switch reference {
    case .id(let id): try find(PageRecord.self, id)
    case .url(let url): try first(PageRecord.where(PageRecord.url == url))
    }
  }

  /// The page; one is made when there is none of that URL.
  func ensure(_ reference: PageReference, title: String? = nil) throws -> PageRecord {
    if let page = try find(reference) { return page }
    guard case .url(let url) = reference else { throw Refusal.notFound("page", field: ["input", "pageId"]) }
    try requireMember()
    let page = PageRecord(id: ids.next(), organization: viewer.organization, url: url, title: title, createdAt: now)
    if try transaction.insertIfAbsent(page) { return page }
    // Somebody else made it in the meantime.
    guard let theirs = try find(reference) else { throw DanglingReference(table: PageRecord.table.name) }
    return theirs
  }
}

extension RequestContext {
  /// The page, if the viewer may know of it.
  func find(_ reference: PageReference) async throws -> PageRecord? {
    let reader = try reader()
    switch reference {
    case .id(let id): return try await reader.find(PageRecord.self, id)
    case .url(let url): return try await reader.first(PageRecord.where(PageRecord.url == url))
    }
  }

  /// The page; one is made when there is none of that URL. A page that is there costs no transaction.
  func ensure(_ reference: PageReference) async throws -> PageRecord {
    if let page = try await find(reference) { return page }
    return try await mutate("ensure page") { unit in try unit.ensure(reference) }
  }
}
