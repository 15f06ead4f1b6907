internal import Database
internal import GraphQL
internal import World

/// From when until when: the arguments `from` (inclusive) and `until` (exclusive) of lists by time.
struct DateRange: Hashable, Sendable {
  let from: WallTime?
  let until: WallTime?

  /// - Throws: `GraphQLFault` of code `BAD_USER_INPUT` for what is no moment.
  init<Parent, Context>(_ call: FieldCall<Parent, Context>) throws {
    from = try Self.moment("from", call)
    until = try Self.moment("until", call)
  }

  private static func moment<Parent, Context>(
    _ name: String, _ call: FieldCall<Parent, Context>
  ) throws -> WallTime? {
    guard let text = try call.argument(name, as: String?.self) else { return nil }
    guard let moment = WallTime(rfc3339: text) else {
      throw GraphQLFault(
        "'\(name)' must be a moment such as 2026-11-24T07:08:25.123Z.", code: "BAD_USER_INPUT")
    }
    return moment
  }

  /// The rows whose column lies in it; `nil` for all.
  func condition<R: Record>(on column: Column<R, WallTime>) -> Predicate<R>? {
    switch (from, until) {
    case (nil, nil): nil
    case (let from?, nil): column >= from
    case (nil, let until?): column < until
    case (let from?, let until?): column >= from && column < until
    }
  }
}
