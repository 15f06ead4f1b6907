internal import Scenario

/// A duration as scenario files have it: `250ms`, `1m30s`.
package struct DurationOption: Sendable, CustomStringConvertible {
  package let duration: Duration
  package let description: String

  package init?(_ text: String) {
    guard let duration = Quantities.duration(text), duration > .zero else { return nil }
    self.duration = duration
    description = text
  }

  private init(seconds: Int) {
    duration = .seconds(seconds)
    description = "\(seconds)s"
  }

  package static let minute = DurationOption(seconds: 60)
}
