/// Measurements under one name, as a transport shows them to monitoring systems (Prometheus, text format 0.0.4).
package struct MetricFamily: Sendable {
  package enum Kind: String, Sendable { case counter, gauge, histogram }

  package struct Sample: Sendable {
    /// What a histogram's samples append to the family's name: `_bucket`, `_sum`, `_count`.
    package let suffix: String
    package let labels: [(name: String, value: String)]
    package let value: Double

    package init(suffix: String = "", labels: [(name: String, value: String)] = [], _ value: Double) {
      self.suffix = suffix
      self.labels = labels
      self.value = value
    }
  }

  package let name: String
  /// One sentence for people.
  package let help: String
  package let kind: Kind
  package let samples: [Sample]

  package init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
    self.name = name
    self.help = help
    self.kind = kind
    self.samples = samples
  }

  /// A family of one number.
  package init(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
    self.init(name, kind, help, [Sample(Double(value))])
  }
}
