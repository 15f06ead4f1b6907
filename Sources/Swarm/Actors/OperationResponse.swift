internal import JSON
internal import Scenario
internal import World

/// What an operation was answered.
struct OperationResponse: Sendable {
  enum Verdict {
    case ok
    /// It did not happen.
    case refused
    /// Data and errors: something may have happened.
    case unknown
  }

  let data: JSON
  let errors: [JSON]
  /// Of a mutation: the `userErrors` of its payloads.
  let userErrors: [JSON]
  let statements: Int?
  let verdict: Verdict
  let ended: Instant

  init(_ map: JSON, of operation: Operation, ended: Instant) {
    self.ended = ended
    data = map["data"] ?? .null
    errors = map["errors"]?.array ?? []
    statements = map["extensions"]?["statements"]?.int.flatMap(Int.init(exactly:))
    var payloads: [JSON] = []
    if operation.kind == .mutation, let object = data.object { payloads = object.members.map(\.value) }
    let refusals = payloads.map { $0["userErrors"]?.array ?? [] }
    userErrors = refusals.flatMap { $0 }
    if !errors.isEmpty {
      verdict = payloads.contains { !$0.isNull } ? .unknown : .refused
    } else {
      verdict = !refusals.isEmpty && refusals.allSatisfy { !$0.isEmpty } ? .refused : .ok
    }
  }

  /// An error or user error in one line: its code and its message.
  static func describe(_ error: JSON) -> String {
    let message = error["message"]?.string ?? error.text
    guard let code = code(of: error) else { return message }
    return "\(code): \(message)"
  }

  static func code(of error: JSON) -> String? { error["extensions"]?["code"]?.string ?? error["code"]?.string }
}
