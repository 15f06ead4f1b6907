/// Everything in which the resolvers and the SDL disagree.
package struct BindingErrors: Error, Sendable, CustomStringConvertible {
  /// Located in the SDL where the mistake has a place there.
  package let problems: [SchemaErrors.Problem]

  package var description: String { problems.map(\.description).joined(separator: "\n") }
}
