internal import CPostgres
internal import Glibc

/// How to reach the server, and what the session is for.
struct PostgresSettings: Sendable {
  /// How long a connection may take to come about.
  static let connectTimeoutSeconds = 10

  private let keywords: [String]
  private let values: [String]

  /// - Parameters:
  ///   - conninfo: a URL or `keyword=value` pairs, as libpq reads them.
  ///   - session: server settings for the session, such as `statement_timeout`.
  init(conninfo: String, session: [(name: String, value: String)]) throws(DatabaseError) {
    var message: UnsafeMutablePointer<CChar>?
    guard let parsed = PQconninfoParse(conninfo, &message) else {
      defer { PQfreemem(message) }
      // libpq's message may quote the text, and with it a password.
      throw DatabaseError(.connection, "the connection string is not one that libpq understands")
    }
    defer { PQconninfoFree(parsed) }
    var given: [(String, String)] = []
    var options = ""
    var option = parsed
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val {
        if strcmp(keyword, "options") == 0 {
          options = String(cString: value) + " "
        } else {
          given.append((String(cString: keyword), String(cString: value)))
        }
      }
      option += 1
    }
    options += session.map { "-c \($0.name)=\($0.value)" }.joined(separator: " ")
    given += [("options", options), ("client_encoding", "UTF8"), ("fallback_application_name", "rehearse")]
    if !given.contains(where: { $0.0 == "connect_timeout" }) {
      given.append(("connect_timeout", "\(Self.connectTimeoutSeconds)"))
    }
    keywords = given.map(\.0)
    values = given.map(\.1)
  }

  /// Begins to connect; the caller polls.
  func start() -> OpaquePointer? { silenced(withArrays { PQconnectStartParams($0, $1, 0) }) }

  /// Connects and waits for it.
  func connect() -> OpaquePointer? { silenced(withArrays { PQconnectdbParams($0, $1, 0) }) }

  /// Notices, such as that a table exists already, would go to standard error.
  private func silenced(_ connection: OpaquePointer?) -> OpaquePointer? {
    if connection != nil { PQsetNoticeReceiver(connection, { _, _ in }, nil) }
    return connection
  }

  private func withArrays<R>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> R
  ) -> R {
    let names = keywords.map { UnsafePointer(strdup($0)) } + [nil]
    let texts = values.map { UnsafePointer(strdup($0)) } + [nil]
    defer { for pointer in names + texts { free(UnsafeMutablePointer(mutating: pointer)) } }
    return body(names, texts)
  }
}
