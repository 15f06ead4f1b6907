internal import Database
internal import World

/// Reads rows as one viewer: what they may not know of is not there.
struct Reader: Sendable {
  let viewer: Viewer
  let database: any Database

  func find<R: Guarded>(_ type: R.Type, _ id: ID?) async throws -> R? {
    guard let id else { return nil }
    if let lookup = R.lookup([id]) { return try await select(lookup.selection).first }
    let record = try await whileAvailable { try await database.find(R.self, id) }
    return record.flatMap { $0.isReadable(by: viewer) ? $0 : nil }
  }

  /// One for each id, in their order, in one statement.
  func find<R: Guarded>(_ type: R.Type, ids: [ID]) async throws -> [R?] {
    let distinct = ids.distinct
    guard !distinct.isEmpty else { return [] }
    if let lookup = R.lookup(distinct) {
      let rows = try await select(lookup.selection)
      let byID = Dictionary(rows.map { (lookup.id($0), $0) }, uniquingKeysWith: { first, _ in first })
      return ids.map { byID[$0] }
    }
    let found = try await whileAvailable { try await database.find(R.self, ids: distinct) }
    var byID: [ID: R] = [:]
    for (id, record) in zip(distinct, found) {
      if let record, record.isReadable(by: viewer) { byID[id] = record }
    }
    return ids.map { byID[$0] }
  }

  /// The same for references that the schema's constraints say cannot dangle.
  func require<R: Guarded>(_ type: R.Type, ids: [ID]) async throws -> [R] {
    try await find(type, ids: ids).map { record in
      guard let record else { throw R.absence }
      return record
    }
  }

  func select<R: Guarded>(_ selection: Selection<R>) async throws -> [R] {
    let records = try await whileAvailable {
      try await database.select(selection.where(R.readable(by: viewer)))
    }
    return records.filter { $0.isReadable(by: viewer) }
  }

  /// How many readable rows of the selection have each of `values` in `column`.
  func counts<R: Guarded>(
    _ selection: Selection<R>, per column: Column<R, ID>, _ values: [ID]
  ) async throws -> [Int] {
    try await whileAvailable {
      try await database.counts(selection.where(R.readable(by: viewer)), per: column, values)
    }
  }

  func first<R: Guarded>(_ selection: Selection<R>) async throws -> R? {
    try await select(selection.limit(1)).first
  }
}

/// A row names another that is not there or not readable: the product's own mistake, so clients see an internal error.
struct DanglingReference: Error, Hashable, Sendable {
  let table: String
}

extension [ID] {
  /// The first occurrence of each.
  var distinct: [ID] {
    var seen: Set<ID> = []
    return filter { seen.insert($0).inserted }
  }
}
