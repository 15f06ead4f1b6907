import Database
import Testing

/// Rows of a large organization, made by the database itself: one thread with all the messages, many people,
/// one of whom has a tenth of all notifications, half of them unread.
struct Volume {
  let messages: Int
  var users: Int { messages / 10 }
  var threads: Int { messages / 100 }

  /// Where tables are small, Postgres rightly reads them whole: then it is told not to if it can avoid it.
  var isLarge: Bool { messages >= 100_000 }

  /// The tables that are large afterwards.
  static let tables = ["users", "messages", "message_texts", "participants", "notifications", "outbox"]

  func fill(_ database: any Database, _ ids: [String: String]) async throws {
    func quoted(_ name: String) throws -> String { "'\(try #require(ids[name]))'" }
    let (organization, page, thread) = (try quoted("organization"), try quoted("page"), try quoted("thread"))
    let ada = try quoted("ada")
    func id(_ kind: Int, _ number: String) -> String {
      switch database.dialect {
      case .postgres: "('0190000\(kind)-0000-7000-8000-' || lpad(to_hex(\(number)), 12, '0'))::uuid"
      case .sqlite: "printf('0190000\(kind)-0000-7000-8000-%012x', \(number))"
      }
    }
    func cast(_ text: String) -> String { database.dialect == .postgres ? "\(text)::uuid" : text }
    let (o, p, t, a) = (cast(organization), cast(page), cast(thread), cast(ada))
    let overriding = database.dialect == .postgres ? "OVERRIDING SYSTEM VALUE " : ""
    let author = id(2, "1 + i % \(users)")
    let before = "(SELECT last_sequence FROM threads WHERE id = \(thread))"
    let inserts: [(into: String, count: Int, select: String)] = [
      (
        "users (id, organization_id, external_id, name, created_at)", users,
        "\(id(2, "i")), \(o), 'u' || i, 'User ' || i, 0"
      ),
      (
        "threads (id, organization_id, page_id, created_by, created_at, last_sequence)", threads,
        "\(id(3, "i")), \(o), \(p), \(a), 0, 7"
      ),
      (
        "messages (id, organization_id, thread_id, sequence, author_id, content, created_at)", messages,
        "\(id(1, "i")), \(o), \(t), \(before) + i, \(author), '[{\"type\":\"text\",\"text\":\"common\"}]', i"
      ),
      (
        "message_texts (message_id, organization_id, thread_id, words)", messages,
        "\(id(1, "i")), \(o), \(t), 'common word' || i"
      ),
      (
        "participants (thread_id, user_id, organization_id, last_read, is_subscribed, joined_at)", users,
        "\(t), \(id(2, "i")), \(o), 0, false, 0"
      ),
      (
        "participants (thread_id, user_id, organization_id, last_read, is_subscribed, joined_at)", min(threads, 100),
        "\(id(3, "i")), \(a), \(o), 0, false, 0"
      ),
      (
        "notifications (id, organization_id, user_id, kind, message_id, actor_id, created_at, read_at, thread_id)",
        messages,
        "\(id(4, "i")), \(o), CASE WHEN i % 10 = 0 THEN \(a) ELSE \(author) END, 'REPLY', \(id(1, "i")), \(author), i, CASE WHEN i % 20 = 0 THEN i END, \(t)"
      ),
      // Before those that the hub waits for.
      (
        "outbox (event_offset, id, organization_id, topic, kind, subject_id, created_at) \(overriding)", messages,
        "i - 1 - \(messages), \(id(5, "i")), \(o), 'thread:' || \(thread), 'message.added', \(id(1, "i")), i"
      ),
    ]
    try await database.write("volume") { transaction in
      for insert in inserts {
        let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(insert.count))"
        let sql = "INSERT INTO \(insert.into) \(numbers) SELECT \(insert.select) FROM n"
        _ = try transaction.execute(Query("volume", sql))
      }
      let sql = "UPDATE threads SET last_sequence = last_sequence + \(messages) WHERE id = \(thread)"
      _ = try transaction.execute(Query("volume", sql))
    }
    guard database.dialect == .postgres else { return }
    // As Postgres does by itself after a while.
    _ = try await database.alone("vacuum") { try $0.query(Query("vacuum", "VACUUM ANALYZE")) }
  }
}

extension Volume {
  /// What a statement that only reads costs: in Postgres the rows that it looks at, in SQLite the steps of its program; and
  /// the plan that the database takes.
  func cost(of query: Query, _ database: any Database) async throws -> (Int, plan: [String]) {
    guard database.dialect == .postgres else { return try await steps(of: query, database) }
    let words = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)"
    let explained = Query("cost of \(query.name)", "\(words) \(query.postgres)", query.parameters)
    let plan = try await database.write(explained.name) { transaction in
      if !isLarge { _ = try transaction.execute(Query("no sequential scans", "SET LOCAL enable_seqscan = off")) }
      return try transaction.query(explained).map { try $0.text(0) }
    }
    var (rows, loops, isTable) = (0, 1, false)
    for line in plan {
      let isScan = line.contains("Scan")
      if isScan {
        isTable = line.contains(" on ") && !line.contains("CTE") && !line.contains("Subquery")
        loops = number(after: "loops=", in: line) ?? 1
      }
      guard isTable else { continue }
      if isScan { rows += (number(after: "actual rows=", in: line) ?? 0) * loops }
      if line.contains("Rows Removed") { rows += (number(after: ": ", in: line) ?? 0) * loops }
    }
    return (rows, plan)
  }

  private func steps(of query: Query, _ database: any Database) async throws -> (Int, plan: [String]) {
    try await database.write("cost of \(query.name)") { transaction in
      let steps = Query(
        "steps", "SELECT coalesce(sum(nstep), 0) FROM sqlite_stmt WHERE sql = $1", [.text(query.sqlite)])
      let before = try transaction.query(steps).first?.int(0) ?? 0
      _ = try transaction.query(query)
      let after = try transaction.query(steps).first?.int(0) ?? 0
      let explained = Query("plan", "EXPLAIN QUERY PLAN \(query.sqlite)", query.parameters)
      return (Int(after - before), try transaction.query(explained).map { try $0.text("detail") })
    }
  }
}

private func number(after mark: String, in line: String) -> Int? {
  guard let range = line.firstRange(of: mark) else { return nil }
  return Int(line[range.upperBound...].prefix { $0.isNumber })
}
