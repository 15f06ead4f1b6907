package import JSON
package import Wire

/// Runs queries and mutations by POST ("GraphQL over HTTP").
package final class GraphQLHTTPClient: Sendable {
  package let endpoint: Endpoint
  private let transport: any ClientTransport

  package init(transport: any ClientTransport, endpoint: Endpoint) {
    self.transport = transport
    self.endpoint = endpoint
  }

  /// Sends one operation.
  /// - Parameters:
  ///   - extensions: what the client asks for besides; not sent when empty.
  ///   - token: for `Authorization: Bearer`; `nil` sends none.
  ///   - headers: sent besides, for example an idempotency key.
  /// - Throws: ``ClientError``; a response with errors, whatever its status, is not one, as long as its body is JSON.
  package func execute(
    query: String, operationName: String? = nil, variables: JSONObject = [:], extensions: JSONObject = [:],
    token: String? = nil, headers: HTTPHeaders = [:]
  ) async throws(ClientError) -> GraphQLHTTPResponse {
    var fields = headers
    fields.set("Content-Type", "application/json")
    fields.set("Accept", "application/graphql-response+json, application/json;q=0.9")
    if let token { fields.set("Authorization", "Bearer \(token)") }
    let body = OperationBody.bytes(
      query: query, operationName: operationName, variables: variables, extensions: extensions)
    let request = HTTPRequest(method: "POST", target: endpoint.path, headers: fields, body: body)
    let response = try await transport.send(request, to: endpoint)
    do throws(JSONError) {
      return GraphQLHTTPResponse(
        status: response.status, headers: response.headers, json: try JSON.parse(response.body),
        bytesSent: body.count, bytesReceived: response.body.count)
    } catch {
      let start = String(decoding: response.body.prefix(120), as: UTF8.self)
      throw ClientError(
        .protocolViolation,
        "\(endpoint) answered with status \(response.status) and a body that is not JSON (\(error)): \(start)")
    }
  }
}

/// A response to one operation.
package struct GraphQLHTTPResponse: Sendable {
  package let status: Int
  package let headers: HTTPHeaders
  /// The whole response map.
  package let json: JSON
  /// Bytes of the request's body.
  package let bytesSent: Int
  /// Bytes of the response's body.
  package let bytesReceived: Int

  package var data: JSON? { json["data"] }
  package var errors: [JSON] { json["errors"]?.array ?? [] }
}

/// An operation's members as both protocols send them.
enum OperationBody {
  static func bytes(
    query: String, operationName: String?, variables: JSONObject, extensions: JSONObject
  ) -> [UInt8] {
    var writer = JSONWriter(reserving: query.utf8.count + 256)
    writer.raw("{\"query\":")
    writer.string(query)
    if let operationName {
      writer.raw(",\"operationName\":")
      writer.string(operationName)
    }
    if !variables.isEmpty {
      writer.raw(",\"variables\":")
      writer.object(variables)
    }
    if !extensions.isEmpty {
      writer.raw(",\"extensions\":")
      writer.object(extensions)
    }
    writer.raw("}")
    return writer.bytes
  }
}
