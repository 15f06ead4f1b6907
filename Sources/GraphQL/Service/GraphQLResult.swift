private import JSON

/// A finished response: the whole response map (GraphQL, section 7.1) as JSON bytes, and what kind it is.
/// An `Error` so that it can be the failure of a `Result`.
package struct GraphQLResult: Error, Sendable {
  package enum Outcome: Hashable, Sendable {
    /// Nothing was executed: there is no `data` member (section 7.1.2, "request error result").
    case requestError
    /// `data` and no errors.
    case data
    /// `data`, possibly null, and errors.
    case partial
  }

  /// The response map, UTF-8 JSON, ready for the wire.
  package let bytes: [UInt8]
  /// What a transport chooses its status code by.
  package let outcome: Outcome
  /// How many statements the database was given for it, where somebody counted.
  package var statements: Int?

  package init(bytes: [UInt8], outcome: Outcome) {
    self.bytes = bytes
    self.outcome = outcome
  }

  /// A request error result with one error.
  /// - Parameters:
  ///   - message: shown to the client.
  ///   - code: lands in the error's `extensions.code`.
  package static func requestError(_ message: String, code: String) -> GraphQLResult {
    let error: JSON = ["message": .string(message), "extensions": ["code": .string(code)]]
    let map: JSON = ["errors": .array([error])]
    return GraphQLResult(bytes: map.bytes, outcome: .requestError)
  }
}
