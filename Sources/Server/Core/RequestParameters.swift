internal import GraphQL
internal import JSON

/// Why a text is not a GraphQL request; its message is shown to the client.
struct RequestFault: Error, Hashable {
  let message: String
}

extension GraphQLRequest {
  /// Reads the parameters of a request from JSON ("GraphQL over HTTP", section "JSON Encoding"; the payload of
  /// graphql-transport-ws's `subscribe` is the same). Members that are not known are ignored.
  static func read(_ json: JSON) throws(RequestFault) -> GraphQLRequest {
    if json.array != nil { throw RequestFault(message: "Batching is not supported: send one operation in a request.") }
    guard let object = json.object else {
      throw RequestFault(message: "A request must be an object, found \(json.kindName).")
    }
    guard let query = object["query"], !query.isNull else {
      throw RequestFault(message: "A request must have the member 'query'.")
    }
    guard let text = query.string else {
      throw RequestFault(message: "'query' must be a string, found \(query.kindName).")
    }
    return GraphQLRequest(
      query: text,
      operationName: try optional("operationName", of: object, "a string") { $0.string },
      variables: try optional("variables", of: object, "an object") { $0.object } ?? [:],
      extensions: try optional("extensions", of: object, "an object") { $0.object } ?? [:])
  }

  /// Reads the parameters of a request from a URL's query ("GraphQL over HTTP", section "GET").
  static func read(query: Substring?) throws(RequestFault) -> GraphQLRequest {
    let fields = FormFields(query ?? "")
    guard let text = fields["query"] else {
      throw RequestFault(message: "A GET request must have the parameter 'query'.")
    }
    return GraphQLRequest(
      query: text, operationName: fields["operationName"], variables: try object("variables", of: fields),
      extensions: try object("extensions", of: fields))
  }

  private static func optional<T>(
    _ name: String, of object: JSONObject, _ wanted: String, _ convert: (JSON) -> T?
  ) throws(RequestFault) -> T? {
    guard let json = object[name], !json.isNull else { return nil }
    guard let value = convert(json) else {
      throw RequestFault(message: "'\(name)' must be \(wanted), found \(json.kindName).")
    }
    return value
  }

  private static func object(_ name: String, of fields: FormFields) throws(RequestFault) -> JSONObject {
    guard let text = fields[name] else { return [:] }
    let json: JSON
    do throws(JSONError) { json = try JSON.parse(text) } catch {
      throw RequestFault(message: "'\(name)' must be JSON: \(error).")
    }
    if json.isNull { return [:] }
    guard let object = json.object else {
      throw RequestFault(message: "'\(name)' must be an object, found \(json.kindName).")
    }
    return object
  }
}
