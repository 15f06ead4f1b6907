/// Something wrong, or doubtful, in a file that a person wrote.
package struct Diagnostic: Hashable, Sendable {
  package enum Severity: String, Sendable { case error, warning }

  /// Line 0 means the file as a whole.
  package var mark: Mark
  /// How many characters from the mark on are meant; for the caret's underline.
  package var width: Int
  package var severity: Severity
  package var code: DiagnosticCode
  /// What was found and what was expected, with the nearest valid name where there is one; one line.
  package var message: String

  package init(mark: Mark, width: Int = 1, severity: Severity = .error, code: DiagnosticCode, message: String) {
    self.mark = mark
    self.width = width
    self.severity = severity
    self.code = code
    self.message = message
  }
}

/// The kinds of mistakes, under names that stay as they are: tools and tests refer to them.
package enum DiagnosticCode: String, Sendable, CaseIterable {
  // Files
  case unreadable, notFound = "not-found", tooLarge = "too-large", noScenarios = "no-scenarios"
  case yamlSyntax = "yaml-syntax", duplicateKey = "duplicate-key"
  // Shape
  case unknownKey = "unknown-key", misplacedKey = "misplaced-key", missingKey = "missing-key"
  case conflictingKeys = "conflicting-keys", wrongType = "wrong-type", badValue = "bad-value", badName = "bad-name"
  case badDuration = "bad-duration", badRate = "bad-rate", badPath = "bad-path", badTemplate = "bad-template"
  case badThreshold = "bad-threshold", badPattern = "bad-pattern", unknownMatcher = "unknown-matcher"
  case noVerb = "no-verb", manyVerbs = "many-verbs", misplacedStep = "misplaced-step"
  // Names
  case unknownActor = "unknown-actor", unknownUser = "unknown-user", unknownOrganization = "unknown-organization"
  case unknownAction = "unknown-action", unknownInbox = "unknown-inbox", unknownName = "unknown-name"
  case unknownMetric = "unknown-metric", duplicateName = "duplicate-name", ambiguousUser = "ambiguous-user"
  case reservedName = "reserved-name", wrongKind = "wrong-kind"
  // Flow
  case notConnected = "not-connected", alreadyConnected = "already-connected"
  case notSubscribed = "not-subscribed", alreadySubscribed = "already-subscribed"
  case lonelyBarrier = "lonely-barrier", deadlock, tooFewUsers = "too-few-users"
  // GraphQL
  case graphqlSyntax = "graphql-syntax", graphqlInvalid = "graphql-invalid", unknownField = "unknown-field"
  case unknownVariable = "unknown-variable", missingVariable = "missing-variable", wrongVariable = "wrong-variable"
  case wrongMatch = "wrong-match"
}
