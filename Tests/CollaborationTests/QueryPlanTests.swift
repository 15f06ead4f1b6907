import Collaboration
import Database
import GraphQL
import JSON
import Testing
import World

/// Keeps every statement that goes through it, once for each text.
final class RecordingDatabase: Database {
  let base: any Database
  let statements = Mutexed<[String: Query]>([:])

  init(_ base: any Database) { self.base = base }

  var dialect: Dialect { base.dialect }

  func keep(_ query: Query) { statements.update { $0[query.sql(dialect)] = query } }

  func read(_ query: Query) async throws(DatabaseError) -> [Row] {
    keep(query)
    return try await base.read(query)
  }

  func write<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any Transaction) throws -> T
  ) async throws -> T {
    try await base.write(name) { try body(RecordingTransaction(base: $0, keep: self.keep)) }
  }

  func alone<T: Sendable>(
    _ name: String, _ body: @escaping @Sendable (any StatementRunner) throws -> T
  ) async throws -> T {
    try await base.alone(name, body)
  }

  func listen(_ channel: String, _ onWake: @escaping @Sendable () -> Void) async throws -> any Listening {
    try await base.listen(channel, onWake)
  }

  func close() async { await base.close() }
}

private struct RecordingTransaction: Transaction {
  let base: any Transaction
  let keep: (Query) -> Void

  var dialect: Dialect { base.dialect }

  func query(_ query: Query) throws(DatabaseError) -> [Row] {
    keep(query)
    return try base.query(query)
  }

  func execute(_ query: Query) throws(DatabaseError) -> Int {
    keep(query)
    return try base.execute(query)
  }

  func send(_ query: Query) throws(DatabaseError) {
    keep(query)
    try base.send(query)
  }

  func notify(_ channel: String) throws(DatabaseError) { try base.notify(channel) }
  func lock(_ name: String) throws(DatabaseError) { try base.lock(name) }
}

@Suite("Query plans") struct QueryPlanTests {
  /// Tables of one row or one for each server, and what is no table.
  static let small = ["outbox_epoch", "presence_nodes", "ranked", "unread", "(subquery-4)"]
  /// Most statements of an operation that asks for one field of one thing.
  static let statementLimits = (query: 5, mutation: 18)

  @Test("no statement of any query or mutation reads a whole table, and each costs few statements")
  func plans() async throws { _ = try await Self.checkPlans(on: SQLiteDatabase.open(.memory, mode: .inline)) }

  /// - Returns: each operation with its answer.
  static func checkPlans(on database: any Database) async throws -> [[JSON?]] {
    var answers: [[JSON?]] = []
    let recording = RecordingDatabase(database)
    let sink = WebhookSink()
    let server = try await TestServer(
      on: recording, webhook: Webhook(sender: sink, secret: WebhookSink.secret, interval: nil))
    let matrix = try await PermissionMatrixTests.Matrix(server)
    let ada = try #require(matrix.people[.author])
    let head = try #require(try await ada.run("{ eventCursor }")["eventCursor"])
    recording.statements.update { $0 = [:] }
    let people = [ada, try #require(matrix.people[.server])]
    for operation in try matrix.operations() {
      let isServers = ["upsertUsers", "removeUsers", "upsertGroups"].contains { operation.contains($0) }
      let response = try await people[isServers ? 1 : 0].response(operation, extensions: ["statements": true])
      #expect(response["errors"] == nil, "\(response)")
      answers.append([.string(operation), response["data"]])
      let count = try #require(response["extensions"]?["statements"]?.int)
      let limit = operation.hasPrefix("{") ? statementLimits.query : statementLimits.mutation
      #expect(count <= limit, "\(operation) \(response["extensions"]?["statementNames"] ?? .null)")
    }
    _ = try await ada.subscribe(
      ResumeTests.added, ["thread": .string(matrix.ids["thread"] ?? ""), "after": head])
    _ = try await server.service.authenticate(token: matrix.people[.colleague]?.token)
    try await server.service.deliverWebhooks()
    #expect(!sink.attempts.isEmpty)
    try await server.service.sweep()
    let statements = recording.statements.value.sorted { $0.key < $1.key }.map(\.value)
    #expect(statements.count > 50)
    for statement in statements where !statement.sql(database.dialect).hasPrefix("INSERT") {
      let plan = try await database.plan(of: statement)
      for line in plan where readsWholeTable(line) {
        // In the order of the key and cut short, a table is read from one end only.
        let isCutShort = statement.sql(database.dialect).contains(#"ORDER BY "event_offset""#)
        #expect(isCutShort, "\(statement.sql(database.dialect))\n\(plan.joined(separator: "\n"))")
      }
    }
    let unindexed = try await database.plan(
      of: Query("unindexed", "SELECT id FROM messages WHERE content = $1", [.text("x")]))
    #expect(unindexed.contains(where: readsWholeTable))
    await server.stop()
    return answers
  }

  private static func readsWholeTable(_ line: String) -> Bool {
    let words = line.split(separator: " ").map(String.init)
    let isScan = words.first == "SCAN" && !line.contains("USING") && !line.contains("VIRTUAL TABLE")
    let isSequential = line.contains("Seq Scan on")
    return (isScan || isSequential) && !small.contains { words.contains($0) }
  }
}

extension PermissionMatrixTests.Matrix {
  /// One operation for every field that can be reached, also of what mutations answer.
  func operations() throws -> [String] {
    var operations: [String] = []
    for type in schema.types where !type.isIntrospection && !type.isAbstract {
      for field in type.fields where !field.name.hasPrefix("__") {
        switch type.name {
        case "Query":
          let selected = selection(field)
          let rest = selected.dropFirst(field.name.count)
          operations.append("{ \(field.name)\(arguments(of: field.name) ?? "")\(rest) }")
        case "Mutation":
          for part in schema.type(of: field.type)?.fields.elements ?? [] where !part.name.hasPrefix("__") {
            operations.append(
              "mutation { \(field.name)\(arguments(of: field.name) ?? "") { \(selection(part)) } }")
          }
        default:
          if let path = path(to: type.name) { operations.append(path.replacingFirst("#", selection(field))) }
        }
      }
    }
    return operations
  }
}
