internal import JSON
internal import Scenario

/// Judges `inOrder`.
enum EventOrder {
  struct Problem {
    var message: String
    var expected: String
    var seen: String
  }

  /// - Throws: ``UnknownReference`` for a name without a value.
  static func problem(
    of entries: [InboxEntry], _ order: OrderRule, _ actor: String, _ inbox: String, _ lookUp: (String) -> JSON?
  ) throws(UnknownReference) -> Problem? {
    let found = entries.map { order.path.value(in: $0.data) ?? .null }
    if let template = order.values {
      let wanted = try template.resolved(lookUp)
      guard Matcher.equals(.literal(wanted)).evaluate(.array(found), lookUp).isMatch else {
        return Problem(
          message: "\(actor) received \(inbox) in another order: \(order.path) was \(Shown.of(.array(found)))",
          expected: Shown.of(wanted), seen: Shown.of(.array(found)))
      }
      return nil
    }
    for (earlier, later) in zip(found, found.dropFirst()) where !ascends(earlier, later) {
      return Problem(
        message: "\(actor) received \(inbox) out of order: \(order.path) does not ascend", expected: "ascending values",
        seen: Shown.of(.array(found)))
    }
    return nil
  }

  private static func ascends(_ earlier: JSON, _ later: JSON) -> Bool {
    if let left = earlier.number, let right = later.number { return left < right }
    if let left = earlier.string, let right = later.string { return left < right }
    return false
  }
}
