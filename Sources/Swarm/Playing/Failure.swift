internal import JSON
package import Scenario

/// Why a step did not go as its file says, in parts that every report shows.
package struct Failure: Sendable, Hashable {
  /// The most of each that is kept.
  package static let missLimit = 5
  package static let fieldLimit = 5
  package static let recentLimit = 10

  /// What an expectation counts its time from: what was done last, or the moment that the step names.
  package struct Cause: Sendable, Hashable {
    package var mark: Mark
    /// "do sendMessage".
    package var step: String
    package var actor: String?
    /// Since the history began.
    package var time: Duration

    package init(mark: Mark, step: String, actor: String?, time: Duration) {
      self.mark = mark
      self.step = step
      self.actor = actor
      self.time = time
    }

    /// "ada do sendMessage".
    package var text: String { (actor.map { "\($0) " } ?? "") + step }
  }

  /// A value that was not what it had to be.
  package struct Field: Sendable, Hashable {
    package var path: String
    package var expected: String
    package var seen: String

    package init(path: String, expected: String, seen: String) {
      self.path = path
      self.expected = expected
      self.seen = seen
    }
  }

  /// Something that came and was not what had to come.
  package struct Miss: Sendable, Hashable {
    package var event: String
    /// Since the cause; `nil` for the response of an operation.
    package var offset: Duration?
    package var fields: [Field]

    package init(event: String, offset: Duration?, fields: [Field]) {
      self.event = event
      self.offset = offset
      self.fields = fields
    }
  }

  /// Something that came to the inbox, or ended it.
  package struct Recent: Sendable, Hashable {
    package var event: String
    /// Since the cause.
    package var offset: Duration
    package var fate: Fate

    package init(event: String, offset: Duration, fate: Fate) {
      self.event = event
      self.offset = offset
      self.fate = fate
    }
  }

  package enum Fate: Sendable, Hashable {
    /// It is what the step asks for.
    case matched
    /// It is what the step asks for, and there were enough before it.
    case surplus
    case unmatched
    /// It came after the deadline.
    case late
    /// It came before the moment that the step names.
    case early
    /// An earlier step has taken it.
    case claimed(Mark)
    /// The actor connected anew after it.
    case forgotten
    /// The actor's socket ended, or the server ended a subscription.
    case ending

    /// In a word or two; `mark` of the step that tells so.
    package func text(for mark: Mark) -> String {
      switch self {
      case .matched: "matches"
      case .surplus: "one too many"
      case .unmatched: "does not match"
      case .late: "too late"
      case .early: "too early"
      case .claimed(let other): "claimed by " + (other.file == mark.file ? "line \(other.line)" : "\(other)")
      case .forgotten: "before the new connection"
      case .ending: "ended"
      }
    }
  }

  /// The step.
  package var mark: Mark
  /// One sentence that says what happened: who, what, why.
  package var message: String
  package var expected: String?
  package var seen: String?
  package var actor: String?
  /// When it was known, since the history began.
  package var time: Duration?
  package var cause: Cause?
  /// Since the cause: when what was awaited should have come.
  package var deadline: Duration?
  /// The nearest first.
  package var misses: [Miss] = []
  /// The last that came to the inbox, in order.
  package var recent: [Recent] = []
  /// How many came before those.
  package var earlier = 0
  /// What else helps to understand it, a line each.
  package var details: [String]

  package init(
    mark: Mark, message: String, expected: String? = nil, seen: String? = nil, details: [String] = []
  ) {
    self.mark = mark
    self.message = message
    self.expected = expected
    self.seen = seen
    self.details = details
  }

  /// With every text replaced by what `body` makes of it.
  /// - Parameter events: whether the events themselves too.
  func mapping(events: Bool, _ body: (String) -> String) -> Failure {
    var failure = self
    failure.message = body(message)
    failure.expected = expected.map(body)
    failure.seen = seen.map(body)
    for miss in misses.indices {
      if events { failure.misses[miss].event = body(misses[miss].event) }
      failure.misses[miss].fields = misses[miss].fields.map {
        Field(path: $0.path, expected: body($0.expected), seen: body($0.seen))
      }
    }
    if events {
      failure.recent = recent.map { Recent(event: body($0.event), offset: $0.offset, fate: $0.fate) }
      failure.details = details.map(body)
    }
    return failure
  }
}

extension Failure.Miss {
  init(_ data: JSON, _ mismatches: [FieldMismatch], offset: Duration? = nil) {
    event = Shown.of(data)
    self.offset = offset
    fields = mismatches.prefix(Failure.fieldLimit).map { mismatch in
      let isSecret = Redaction.isSecret(mismatch.match.path.segments.last ?? "") && mismatch.found != "nothing"
      return Failure.Field(
        path: mismatch.match.path.description, expected: mismatch.expected,
        seen: isSecret ? "[redacted]" : mismatch.found)
    }
  }

  /// "its text was 'Ho', not 'Hi'", of the first field and how many more differ.
  var verdict: String {
    guard let first = fields.first else { return "it matches" }
    let seen = Excerpt.cut(first.seen, to: Self.limit), expected = Excerpt.cut(first.expected, to: Self.limit)
    return "\(first.path) was \(seen), not \(expected)"
      + (fields.count > 1 ? ", and \(fields.count - 1) more differ\(fields.count == 2 ? "s" : "")" : "")
  }

  private static let limit = 60
}
