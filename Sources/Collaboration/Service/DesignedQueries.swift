package import Database
package import World

/// The few statements that records cannot say. Each is given the viewer's organization, which is its permission, and has
/// a test that it uses its index.
package enum DesignedQueries {
  package static func unreadMessages(of user: ID, in organization: ID) -> Query {
    Query(
      "unread messages",
      """
      SELECT CAST(coalesce(sum(t.last_sequence - p.last_read), 0) AS bigint) FROM participants p
      JOIN threads t ON t.id = p.thread_id
      WHERE p.user_id = $1 AND p.organization_id = $2
      """, [.id(user), .id(organization)])
  }

  /// Pages of an organization that have all of the entries in their location, oldest first.
  package static func pages(withEntries entries: [String], in organization: ID, after: ID?, limit: Int) -> Query {
    func sql(_ isAmong: String, _ start: String) -> String {
      """
      SELECT page_id FROM page_location_entries
      WHERE organization_id = $1 AND entry \(isAmong) AND (\(start) IS NULL OR page_id > \(start))
      GROUP BY page_id HAVING count(*) = $4 ORDER BY page_id LIMIT $5
      """
    }
    return Query(
      "pages by part of their location", postgres: sql("= ANY($2)", "$3::uuid"),
      sqlite: sql("IN (SELECT value FROM json_each($2))", "$3"),
      [
        .id(organization), .list(entries.map(Value.text)), after.databaseValue, .int(Int64(entries.count)),
        .int(Int64(limit)),
      ])
  }

  /// The viewer's own unread notifications, counted up to a limit. Their organization is not asked for: so the index alone
  /// can answer.
  package static func unreadNotifications(of viewer: ID, limit: Int) -> Query {
    func sql(_ table: String) -> String {
      """
      SELECT count(*) FROM (
        SELECT 1 FROM \(table) WHERE user_id = $1 AND read_at IS NULL AND retracted_at IS NULL LIMIT $2
      ) AS unread
      """
    }
    // Without statistics SQLite takes any of the user's indexes, also those with what was read.
    return Query(
      "unread notifications", postgres: sql("notifications"),
      sqlite: sql("notifications INDEXED BY notifications_unread"), [.id(viewer), .int(Int64(limit))])
  }

  /// How many of the newest messages Postgres looks through before it asks the index of words.
  private static let recentLimit = 500

  /// Messages of an organization by the beginnings of their words (``Words``), newest first; of private threads, those
  /// that the user is in.
  ///
  /// SQLite orders them by their place in the index, which is that of their ids, and so need not look at all of them.
  /// Postgres' index has no order: it is asked only for words that are too rare to fill the page from the newest messages.
  package static func search(
    _ words: [String], in organization: ID, by user: ID, thread: ID?, before: ID?, limit: Int, _ dialect: Dialect
  ) -> Query {
    // Words consist of letters and digits: nothing in them needs to be escaped.
    let terms =
      switch dialect {
      case .postgres: (["'@\(organization)'"] + words.map { "'\($0)':*" }).joined(separator: " & ")
      case .sqlite:
        "organization_id : \"\(organization)\" AND words : ("
          + words.map { "\"\($0)\" *" }.joined(separator: " AND ") + ")"
      }
    let ofThread = thread == nil ? "" : "AND thread_id = $3"
    let parameters: [Value] = [
      .text(terms), .id(organization), thread.databaseValue, before.databaseValue, .int(Int64(limit)), .id(user),
    ]
    let isVisible = """
      (NOT t.is_private OR EXISTS (SELECT 1 FROM participants p WHERE p.thread_id = t.thread_id AND p.user_id = $6))
      """
    return Query(
      "search messages",
      postgres: """
        WITH recent AS MATERIALIZED (
          SELECT message_id, thread_id, is_private, terms FROM message_texts
          WHERE organization_id = $2 \(ofThread)
            AND message_id < coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
          ORDER BY message_id DESC LIMIT \(recentLimit)
        ), found AS MATERIALIZED (
          SELECT message_id FROM recent t WHERE terms @@ $1::tsquery AND \(isVisible)
          ORDER BY message_id DESC LIMIT $5
        ), rare AS MATERIALIZED (
          SELECT message_id, organization_id, thread_id, is_private FROM message_texts
          WHERE terms @@ $1::tsquery AND (SELECT count(*) FROM found) < $5
        )
        SELECT message_id FROM (
          SELECT message_id FROM found UNION ALL
          SELECT message_id FROM rare t
          WHERE organization_id = $2 AND ($3::uuid IS NULL OR thread_id = $3::uuid) AND \(isVisible)
            AND message_id < (SELECT message_id FROM recent ORDER BY message_id LIMIT 1)
        ) AS hits
        ORDER BY message_id DESC LIMIT $5
        """,
      sqlite: """
        SELECT t.message_id FROM message_search JOIN message_texts t ON t.number = message_search.rowid
        WHERE message_search MATCH $1 AND t.organization_id = $2 AND ($3 IS NULL OR t.thread_id = $3)
          AND ($4 IS NULL OR t.message_id < $4)
          AND \(isVisible)
        ORDER BY message_search.rowid DESC LIMIT $5
        """, parameters)
  }
}
