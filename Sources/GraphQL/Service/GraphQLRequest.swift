package import JSON

/// One request as every transport carries it ("GraphQL over HTTP", section "Request Parameters").
package struct GraphQLRequest: Hashable, Sendable {
  /// The document's text.
  package var query: String
  /// Which operation of the document to run; may be absent when it has one.
  package var operationName: String?
  /// Raw variable values; coerced when the request is prepared.
  package var variables: JSONObject
  /// What clients add beside the specification; ours is not to judge.
  package var extensions: JSONObject

  package init(
    query: String, operationName: String? = nil, variables: JSONObject = [:], extensions: JSONObject = [:]
  ) {
    self.query = query
    self.operationName = operationName
    self.variables = variables
    self.extensions = extensions
  }
}
