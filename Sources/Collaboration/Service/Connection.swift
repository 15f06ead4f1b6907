internal import Cryptography
internal import Database
internal import GraphQL
internal import World

/// A piece of a list (Relay, "GraphQL Cursor Connections Specification").
struct Connection<Node: Sendable>: Sendable {
  var edges: [Edge<Node>]
  var hasNextPage: Bool
  var hasPreviousPage: Bool

  var pageInfo: PageInfo {
    PageInfo(
      hasNextPage: hasNextPage, hasPreviousPage: hasPreviousPage, startCursor: edges.first?.cursor,
      endCursor: edges.last?.cursor)
  }
}

struct Edge<Node: Sendable>: Sendable {
  let cursor: String
  let node: Node
}

struct PageInfo: Sendable {
  let hasNextPage: Bool
  let hasPreviousPage: Bool
  let startCursor: String?
  let endCursor: String?
}

/// A column's value by which a list is ordered and its cursors are made.
protocol CursorKey: DatabaseValue, Comparable {
  init?(cursorText: String)
  var cursorText: String { get }
}

extension CursorKey {
  /// The key as clients see it in `Edge.cursor`.
  var cursor: String { base64URL(Array(cursorText.utf8)) }
}

extension ID: CursorKey {
  init?(cursorText: String) { self.init(cursorText) }
  var cursorText: String { description }
}

extension Int64: CursorKey {
  init?(cursorText: String) { self.init(cursorText) }
  var cursorText: String { String(self) }
}

/// The arguments of a connection, checked.
struct PageRequest<Key: CursorKey>: Sendable {
  let limit: Int
  /// Counts from the list's end.
  let isBackward: Bool
  /// Where the piece begins, exclusive, seen in its direction.
  let position: Key?

  /// Reads `first` and `after`, and `last` and `before` where the field has them.
  /// - Throws: `GraphQLFault` of code `BAD_USER_INPUT`.
  init<Parent, Context>(_ call: FieldCall<Parent, Context>, most: Int, usual: Int) throws {
    let first = try call.argument("first", as: Int?.self)
    let last = try call.argument("last", as: Int?.self)
    let after = try call.argument("after", as: String?.self)
    let before = try call.argument("before", as: String?.self)
    if (first != nil || after != nil) && (last != nil || before != nil) {
      throw Self.fault("Use 'first' with 'after', or 'last' with 'before', not both.")
    }
    isBackward = last != nil || before != nil
    let (name, asked) = isBackward ? ("last", last) : ("first", first)
    limit = asked ?? usual
    guard (0...most).contains(limit) else { throw Self.fault("'\(name)' must be from 0 to \(most).") }
    if let cursor = isBackward ? before : after {
      guard let key = Self.key(cursor) else { throw Self.fault("This is no cursor of this list.") }
      position = key
    } else {
      position = nil
    }
  }

  private static func key(_ cursor: String) -> Key? {
    decodeBase64URL(cursor).flatMap { Key(cursorText: String(decoding: $0, as: UTF8.self)) }
  }

  private static func fault(_ message: String) -> GraphQLFault { GraphQLFault(message, code: "BAD_USER_INPUT") }
}

/// A list that hangs on a parent: how to find its rows and their order.
struct Listing<Row: Guarded, Key: CursorKey>: Sendable {
  let parent: Column<Row, ID>
  let parentOf: @Sendable (Row) -> ID
  let key: Column<Row, Key>
  let keyOf: @Sendable (Row) -> Key
  var isDescending = false

  /// The pieces of all parents' lists, in one statement.
  func connections(
    of parents: [ID], _ request: PageRequest<Key>, where condition: Predicate<Row>? = nil,
    within range: Predicate<Row>? = nil, by reader: Reader
  ) async throws -> [Connection<Row>] {
    let distinct = parents.distinct
    // One more than asked tells whether there are more.
    let limit = request.limit + 1
    let downwards = isDescending != request.isBackward
    var selection = Selection<Row>()
    if let condition { selection = selection.where(condition) }
    if let range { selection = selection.where(range) }
    if let position = request.position {
      selection = selection.where(downwards ? key < position : key > position)
    }
    selection = selection.order(by: downwards ? key.descending : key.ascending)
    if distinct.count == 1, let only = distinct.first {
      selection = selection.where(parent == only).limit(limit)
    } else {
      selection = selection.where(parent.isIn(distinct)).limit(limit, per: parent)
    }
    var rows: [ID: [Row]] = [:]
    for row in try await reader.select(selection) { rows[parentOf(row), default: []].append(row) }
    return parents.map { connection(rows[$0] ?? [], request) }
  }

  private func connection(_ rows: [Row], _ request: PageRequest<Key>) -> Connection<Row> {
    var kept = Array(rows.prefix(request.limit))
    if request.isBackward { kept.reverse() }
    let edges = kept.map { Edge(cursor: keyOf($0).cursor, node: $0) }
    let hasMore = rows.count > request.limit
    let hasBehind = request.position != nil
    return Connection(
      edges: edges, hasNextPage: request.isBackward ? hasBehind : hasMore,
      hasPreviousPage: request.isBackward ? hasMore : hasBehind)
  }
}
