internal import JSON

/// Response maps as bytes (specification, 7.1): errors first, as a reader wants them.
enum Response {
  private static let start: StaticString = "{\"data\":"

  static func write(
    _ root: Frame, of operation: PreparedOperation, limits: EngineLimits, extensions: JSONObject
  ) -> GraphQLResult {
    var writer = ResponseWriter(
      plan: operation.plan, variables: operation.variables, errorLimit: limits.errors,
      reserving: operation.plan.expectedSize)
    writer.json.raw(start)
    writer.root(root)
    if !extensions.isEmpty {
      writer.json.raw(",\"extensions\":")
      writer.json.object(extensions)
    }
    writer.json.raw("}")
    operation.plan.expectedSize = writer.json.bytes.count
    guard !writer.errors.isEmpty else { return GraphQLResult(bytes: writer.json.bytes, outcome: .data) }
    var errors = writer.errors
    if writer.omittedErrors > 0 {
      errors.append(
        GraphQLError(
          "\(writer.omittedErrors) more errors are left out.", extensions: ["code": "TOO_MANY_ERRORS"]))
    }
    var whole = JSONWriter(reserving: writer.json.bytes.count + errors.count * 128)
    write(errors, into: &whole)
    whole.raw(",")
    whole.bytes.append(contentsOf: writer.json.bytes.dropFirst())
    return GraphQLResult(bytes: whole.bytes, outcome: .partial)
  }

  static func requestError(_ errors: [GraphQLError]) -> GraphQLResult {
    var writer = JSONWriter()
    write(errors, into: &writer)
    writer.raw("}")
    return GraphQLResult(bytes: writer.bytes, outcome: .requestError)
  }

  /// An opening brace and the `errors` member.
  private static func write(_ errors: [GraphQLError], into writer: inout JSONWriter) {
    writer.raw("{\"errors\":[")
    for (index, error) in errors.enumerated() {
      if index > 0 { writer.raw(",") }
      error.write(into: &writer)
    }
    writer.raw("]")
  }
}
