// Checks: invariants over a History. Pure functions from what clients did and saw to findings, each with the events that
// prove it.

/// What one check found in one history.
package struct CheckResult: Sendable, Hashable {
  /// The most findings that are kept; `violations` counts them all.
  package static let findingLimit = 100

  package let name: String
  /// How many cases the check could decide. Zero means that the history held nothing for it to judge.
  package internal(set) var examined = 0
  /// How many of them violate the invariant.
  package internal(set) var violations = 0
  /// The first of the violations.
  package internal(set) var findings: [Finding] = []

  init(_ name: String) { self.name = name }

  /// What an earlier run has counted; its findings are not known any more.
  package init(name: String, examined: Int, violations: Int) {
    self.name = name
    self.examined = examined
    self.violations = violations
  }

  mutating func add(_ message: String, events: [Int], mark: String? = nil) {
    violations += 1
    if findings.count < Self.findingLimit { findings.append(Finding(message: message, events: events, mark: mark)) }
  }
}

/// A violated invariant.
package struct Finding: Sendable, Hashable {
  package let message: String
  /// Positions of the events in the history that prove it, in order.
  package let events: [Int]
  /// The step that led to it, `file:line:column`, when one is known.
  package let mark: String?
}
