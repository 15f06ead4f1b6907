internal import GraphQL
internal import JSON

/// A place in a database's sequence of events, as clients keep it: `epoch:offset`.
struct EventCursor: Hashable, Sendable {
  let epoch: String
  /// Everything up to it has been seen.
  let offset: Int64

  init(epoch: String, offset: Int64) {
    self.epoch = epoch
    self.offset = offset
  }

  /// Reads a cursor's text; `nil` for what was never one.
  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let offset = Int64(text[text.index(after: colon)...]), offset >= 0,
      colon > text.startIndex
    else { return nil }
    self.init(epoch: String(text[..<colon]), offset: offset)
  }

  var text: String { "\(epoch):\(offset)" }
}

/// Why a stream cannot be resumed after a cursor: the client must subscribe without one and take a snapshot.
package enum LostPlace: String, Hashable, Sendable {
  /// What came after it is not kept any more.
  case trimmed = "TRIMMED"
  /// It belongs to another database, or to this one before it was made anew.
  case otherEpoch = "OTHER_EPOCH"
  /// It lies after the last event: the database was put back to an earlier state.
  case ahead = "AHEAD"
  /// The viewer was taken out of a private thread after it, and let in again.
  case accessLost = "ACCESS_LOST"
  /// More was missed than is sent again.
  case tooMany = "TOO_MANY"

  var fault: GraphQLFault {
    GraphQLFault(
      "The stream cannot be resumed after this cursor: subscribe without it, then take a snapshot.",
      code: "SNAPSHOT_REQUIRED", extensions: ["recovered": false, "reason": .string(rawValue)])
  }
}

extension GraphQLResult {
  /// The result of a request that was refused for one reason.
  static func refusal(_ fault: GraphQLFault) -> GraphQLResult {
    var extensions = fault.extensions
    extensions["code"] = .string(fault.code)
    let error: JSON = ["message": .string(fault.message), "extensions": .object(extensions)]
    let response: JSON = ["errors": [error]]
    return GraphQLResult(bytes: response.bytes, outcome: .requestError)
  }
}
