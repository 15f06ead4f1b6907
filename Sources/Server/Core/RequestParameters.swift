internal import GraphQL
internal import JSON

/// Why a text is not a GraphQL request; its message is shown to the client.
struct RequestFault: Error, Hashable {
  let message: String
}

/// What a client sent, before it is known which document it means ("GraphQL over HTTP", section "Request Parameters").
struct RequestParameters: Hashable {
  /// The document's text; `nil` only where ``digest`` stands in its place.
  var query: String?
  var operationName: String?
  var variables: JSONObject
  var extensions: JSONObject
  /// The document's SHA-256 in lower case hexadecimal, from `extensions.persistedQuery`.
  var digest: String?

  /// Reads the parameters of a request from JSON ("GraphQL over HTTP", section "JSON Encoding"; the payload of
  /// graphql-transport-ws's `subscribe` is the same). Members that are not known are ignored.
  static func read(_ json: JSON) throws(RequestFault) -> RequestParameters {
    if json.array != nil { throw RequestFault(message: "Batching is not supported: send one operation in a request.") }
    guard let object = json.object else {
      throw RequestFault(message: "A request must be an object, found \(json.kindName).")
    }
    return try RequestParameters(
      query: optional("query", of: object, "a string") { $0.string },
      operationName: optional("operationName", of: object, "a string") { $0.string },
      variables: optional("variables", of: object, "an object") { $0.object },
      extensions: optional("extensions", of: object, "an object") { $0.object },
      missing: "A request must have the member 'query'.")
  }

  /// Reads the parameters of a request from a URL's query ("GraphQL over HTTP", section "GET").
  static func read(query: Substring?) throws(RequestFault) -> RequestParameters {
    let fields = FormFields(query ?? "")
    return try RequestParameters(
      query: fields["query"], operationName: fields["operationName"], variables: object("variables", of: fields),
      extensions: object("extensions", of: fields), missing: "A GET request must have the parameter 'query'.")
  }

  private init(
    query: String?, operationName: String?, variables: JSONObject?, extensions: JSONObject?, missing: String
  ) throws(RequestFault) {
    self.operationName = operationName
    self.variables = variables ?? [:]
    self.extensions = extensions ?? [:]
    digest = try Self.digest(in: self.extensions)
    // Clients whose messages must have a query send an empty one beside the digest.
    self.query = digest != nil && query?.isEmpty == true ? nil : query
    if query == nil && digest == nil { throw RequestFault(message: missing) }
  }

  /// The form that Apollo's clients gave to automatic persisted queries, and others took over.
  private static func digest(in extensions: JSONObject) throws(RequestFault) -> String? {
    guard let persisted = extensions["persistedQuery"], !persisted.isNull else { return nil }
    guard let object = persisted.object else {
      throw RequestFault(message: "'persistedQuery' must be an object, found \(persisted.kindName).")
    }
    guard object["version"] == 1 else { throw RequestFault(message: "Unsupported persisted query version.") }
    guard let digest = object["sha256Hash"]?.string?.lowercased(), digest.utf8.count == 64 else {
      throw RequestFault(message: "'sha256Hash' must be a string of 64 hexadecimal digits.")
    }
    return digest
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

  private static func object(_ name: String, of fields: FormFields) throws(RequestFault) -> JSONObject? {
    guard let text = fields[name] else { return nil }
    let json: JSON
    do throws(JSONError) { json = try JSON.parse(text) } catch {
      throw RequestFault(message: "'\(name)' must be JSON: \(error).")
    }
    if json.isNull { return nil }
    guard let object = json.object else {
      throw RequestFault(message: "'\(name)' must be an object, found \(json.kindName).")
    }
    return object
  }
}
