/// Everything that is wrong with the SDL of a schema.
package struct SchemaErrors: Error, Sendable, CustomStringConvertible {
  /// One mistake and where it is.
  package struct Problem: Hashable, Sendable, CustomStringConvertible {
    package let message: String
    /// The name of the source; `nil` when the mistake is in no single place.
    package let source: String?
    package let location: SourceLocation?

    /// "schema.graphqls:3:14: Unknown type "Foo"."
    package var description: String {
      guard let source, let location else { return message }
      return "\(source):\(location): \(message)"
    }
  }

  package let problems: [Problem]

  package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Collects mistakes in the order in which they are found.
struct ProblemList {
  private(set) var problems: [SchemaErrors.Problem] = []

  mutating func add(_ problem: SchemaErrors.Problem) { problems.append(problem) }

  mutating func add(_ message: String, source: Source, location: SourceLocation?) {
    problems.append(SchemaErrors.Problem(message: message, source: source.name, location: location))
  }

  mutating func add(_ message: String, at origin: Origin?) {
    problems.append(
      SchemaErrors.Problem(message: message, source: origin?.source.name, location: origin?.location))
  }

  mutating func add(_ message: String, _ source: Source, _ offset: Int) {
    add(message, at: Origin(source: source, offset: offset))
  }
}
