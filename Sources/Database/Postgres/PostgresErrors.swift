internal import CPostgres

extension DatabaseError {
  /// The error that a result carries.
  static func from(_ result: OpaquePointer) -> DatabaseError {
    func field(_ code: Character) -> String? {
      guard let ascii = code.asciiValue, let text = PQresultErrorField(result, Int32(ascii)) else { return nil }
      return String(cString: text)
    }
    // The letters are those of the protocol: C SQLSTATE, M primary message, n constraint. The detail (D) is left out:
    // it quotes values.
    guard let state = field("C") else {
      let message = PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
      return DatabaseError(.connection, message.firstLine)
    }
    let message = field("M") ?? "no message"
    let kind: Kind =
      switch state {
      case "23505": .unique(field("n") ?? "")
      case "23503": .foreignKey
      case "23514": .check
      case "23502": .notNull
      case "40001", "40P01": .conflict
      case "55P03", "57014": .busy
      case "57P01", "57P02", "57P03", "53300": .connection
      case "25006": .syntax
      case _ where state.hasPrefix("08"): .connection
      case _ where state.hasPrefix("42"): .syntax
      default: .other(state)
      }
    // Class 22, data exceptions, quotes the value after a colon.
    return DatabaseError(kind, state.hasPrefix("22") ? String(message.prefix { $0 != ":" }) : message)
  }

  static func lost(_ connection: OpaquePointer?) -> DatabaseError {
    let reason = connection.flatMap { PQerrorMessage($0) }.map { String(cString: $0) } ?? ""
    return DatabaseError(.connection, reason.isEmpty ? "the connection to Postgres broke" : reason.firstLine)
  }
}

extension String {
  fileprivate var firstLine: String { String(prefix { $0 != "\n" }) }
}
