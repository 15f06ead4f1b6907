internal import GraphQL

/// The mistakes of a document under a schema, in the order of their places.
func documentErrors(_ document: Document, _ schema: Schema) -> [GraphQLError] {
  validate(document, against: schema)
}

extension GraphQLError {
  /// The code under which the mistake is reported.
  var diagnosticCode: DiagnosticCode {
    if message.hasPrefix("Syntax Error") { return .graphqlSyntax }
    return message.hasPrefix("Cannot query field") ? .unknownField : .graphqlInvalid
  }
}
