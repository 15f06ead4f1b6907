package import JSON

/// An error that a resolver means the client to read. Any other error a resolver throws is shown as "Internal error".
package struct GraphQLFault: Error, Hashable, Sendable, CustomStringConvertible {
  package var message: String
  /// For machines, in the error's `extensions.code`: `NOT_FOUND`, `FORBIDDEN`…
  package var code: String
  /// Further members of the error's `extensions`.
  package var extensions: JSONObject

  package init(_ message: String, code: String, extensions: JSONObject = [:]) {
    self.message = message
    self.code = code
    self.extensions = extensions
  }

  package init(message: String, code: String, extensions: JSONObject = [:]) {
    self.init(message, code: code, extensions: extensions)
  }

  package var description: String { message }

  /// What a client is told of an error that is none of its business.
  static let internalError = GraphQLFault("Internal error", code: "INTERNAL")
  static let cancelled = GraphQLFault("The operation was cancelled", code: "CANCELLED")

  /// The error's `extensions` as they stand in the response.
  var responseExtensions: JSONObject {
    var result = extensions
    if !code.isEmpty { result["code"] = .string(code) }
    return result
  }
}

/// Called with each error that was hidden from a client, and the field it came from ("Type.field").
package typealias InternalErrorHook = @Sendable (_ error: any Error, _ field: String) -> Void

/// What a client is shown of an error; tells `hook` of what it is not shown.
func fault(for error: any Error, in field: String, hook: InternalErrorHook) -> GraphQLFault {
  switch error {
  case let fault as GraphQLFault: return fault
  case is CancellationError: return .cancelled
  default:
    hook(error, field)
    return .internalError
  }
}

/// What a client is told when a scalar's parser refuses a value.
func clientMessage(of error: any Error) -> String {
  switch error {
  case let fault as GraphQLFault: fault.message
  case let error as GraphQLError: error.message
  default: "The value is not valid."
  }
}
