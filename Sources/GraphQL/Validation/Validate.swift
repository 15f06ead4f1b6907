/// Checks a document of operations and fragments against a schema by all rules of the specification, chapter 5.
/// - Parameters:
///   - maxErrors: after so many the check ends with one more that says so.
///   - scalars: the parsers of custom scalars, by which literals of theirs are checked.
/// - Returns: errors in the reference implementation's words and order; none when the document may be executed.
package func validate(
  _ document: Document, against schema: Schema, maxErrors: Int = 100,
  scalars: [String: InputCoercion.ScalarParser] = [:]
) -> [GraphQLError] {
  let context = ValidationContext(document, schema, scalars: scalars, maxErrors: maxErrors)
  var walk = ValidationWalk(context)
  walk.document()
  return context.errors
}
