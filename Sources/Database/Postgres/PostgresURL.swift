/// A `postgres://` URL (PostgreSQL documentation, section 34.1.1.2, "Connection URIs"), taken apart so far that it can name
/// another database of its server, and be shown.
package struct PostgresURL: Sendable {
  private var scheme: Substring
  private var user: Substring?
  private var password: Substring?
  /// Hosts and ports.
  private var hosts: Substring
  private var database: Substring
  private var parameters: [Substring]

  /// - Throws: `DatabaseError` of kind `.connection` for what libpq does not understand; its message holds no part of it.
  package init(_ text: String) throws(DatabaseError) {
    _ = try PostgresSettings(conninfo: text, session: [])
    guard let start = text.firstRange(of: "://")?.upperBound else {
      throw DatabaseError(.connection, "the connection string is no URL")
    }
    scheme = text[..<start]
    var rest = text[start...]
    // As libpq does: a user stands before an '@' that comes before the first '/'.
    if let end = rest.firstIndex(where: { $0 == "@" || $0 == "/" }), rest[end] == "@" {
      let parts = rest[..<end].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      user = parts.first
      password = parts.count > 1 ? parts.last : nil
      rest = rest[rest.index(after: end)...]
    }
    let query = rest.firstIndex(of: "?") ?? rest.endIndex
    parameters = rest[query...].dropFirst().split(separator: "&")
    rest = rest[..<query]
    let path = rest.firstIndex(of: "/") ?? rest.endIndex
    hosts = rest[..<path]
    database = rest[path...].dropFirst()
    // libpq would say so when it connects, and tell the text: of a password with a '/' in it, its beginning.
    for host in hosts.split(separator: ",") {
      guard
        let port = host.split(separator: "]").last?.split(separator: ":", omittingEmptySubsequences: false).dropFirst()
          .last
      else {
        continue
      }
      guard UInt16(port) != nil else { throw DatabaseError(.connection, "a port of the URL is no number") }
    }
  }

  package var text: String {
    let login = user.map { user in "\(user)\(password.map { ":\($0)" } ?? "")@" } ?? ""
    let query = parameters.isEmpty ? "" : "?\(parameters.joined(separator: "&"))"
    return "\(scheme)\(login)\(hosts)\(database.isEmpty ? "" : "/\(database)")\(query)"
  }

  /// The same server's database of that name, which needs no escapes.
  package func naming(_ name: String) -> PostgresURL {
    var url = without("dbname")
    url.database = name[...]
    return url
  }

  /// The same place, for sessions that others see under a name.
  package func calling(_ name: String) -> PostgresURL {
    var url = without("application_name")
    url.parameters.append("application_name=\(name)")
    return url
  }

  /// Whoever uses it gives the password by `PGPASSWORD` or a password file.
  package var withoutPassword: PostgresURL {
    var url = without("password", "sslpassword")
    url.password = nil
    return url
  }

  private func without(_ names: String...) -> PostgresURL {
    var url = self
    url.parameters.removeAll { parameter in names.contains { parameter.hasPrefix("\($0)=") } }
    return url
  }
}
