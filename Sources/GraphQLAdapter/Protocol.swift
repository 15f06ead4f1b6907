import GraphQL
import GraphQLTesting
import JSON

// One JSON object a line in, one a line out, in order.
//
// In:  {"id": any, "op": "parse" | "print" | "schema" | "validate" | "execute",
//       "schema": SDL, "document": text, "variables": {…}, "operationName": text}
//      `parse` and `print` need a document (executable or SDL), `schema` a schema, the others both.
// Out: {"id": the same, "valid": true | false, "errors": [{"message": …, "locations": [{"line": …, "column": …}], …}]}
//      with "text" (the printed document or schema) for `print` and `schema`, and "data" for `execute`, whose values are invented: each follows
//      from its path and arguments, see `GraphQLTesting/Synthetic`.
//      A schema that cannot be built gives its own mistakes as errors, with "source": "schema".
//      A line that is no such object gives {"id": null, "failure": what is wrong with it}.
//
// The corpus that the project's issues speak of was not at hand when this was written; its protocol may name things
// differently.

func serveLines() async {
  var adapter = Adapter()
  while let line = readLine(strippingNewline: true) {
    if line.isEmpty { continue }
    Output.line(await adapter.answer(line))
  }
}

private struct Failure: Error { let message: String }

private struct Adapter {
  /// The engines of the schemas used last; corpora ask many questions of few schemas.
  private var schemas: [String: Result<Schema, SchemaErrors>] = [:]
  private var engines: [String: SyntheticEngine] = [:]

  private static let maxSchemas = 32

  mutating func answer(_ line: String) async -> [UInt8] {
    var response = JSONObject()
    do {
      let request: JSON
      do throws(JSONError) { request = try JSON.parse(line, depthLimit: 1_000) } catch {
        throw Failure(message: "Not JSON: \(error)")
      }
      response["id"] = request["id"] ?? .null
      try await answer(request, into: &response)
    } catch {
      response["id"] = response["id"] ?? .null
      response["failure"] = .string((error as? Failure)?.message ?? "\(error)")
    }
    return JSON.object(response).bytes
  }

  private mutating func answer(_ request: JSON, into response: inout JSONObject) async throws {
    switch request["op"]?.string {
    case "parse", "print":
      let document = parsed(try text("document", of: request))
      report(document.errors, in: &response)
      if request["op"] == "print", let document = document.value { response["text"] = .string(print(document)) }
    case "schema":
      let schema = try schema(request)
      report(schemaErrors(schema), in: &response)
      if case .success(let schema) = schema { response["text"] = .string(schema.sdl) }
    case "validate":
      let built = try schema(request)
      switch built {
      case .failure: report(schemaErrors(built), in: &response)
      case .success(let schema):
        let document = parsed(try text("document", of: request))
        let errors = document.value.map { validate($0, against: schema) } ?? document.errors
        report(errors.map(json), in: &response)
      }
    case "execute":
      let built = try schema(request)
      switch built {
      case .failure: report(schemaErrors(built), in: &response)
      case .success(let schema):
        let result = await (try engine(request, schema)).respond(
          to: GraphQLRequest(
            query: try text("document", of: request), operationName: request["operationName"]?.string,
            variables: request["variables"]?.object ?? [:]))
        let map = try JSON.parse(result.bytes, depthLimit: 2_000)
        report(map["errors"]?.array ?? [], in: &response)
        if let data = map["data"] { response["data"] = data }
      }
    case let other: throw Failure(message: "Unknown \"op\": \(other ?? "none")")
    }
  }

  private func report(_ errors: [JSON], in response: inout JSONObject) {
    response["valid"] = .bool(errors.isEmpty)
    response["errors"] = .array(errors)
  }

  private func report(_ errors: [GraphQLError], in response: inout JSONObject) {
    report(errors.map(json), in: &response)
  }

  private func json(_ error: GraphQLError) -> JSON {
    var writer = JSONWriter()
    error.write(into: &writer)
    return (try? JSON.parse(writer.bytes)) ?? .null
  }

  private func parsed(_ text: String) -> (value: Document?, errors: [GraphQLError]) {
    do throws(GraphQLError) { return (try parseDocument(Source(text: text), limits: .schema), []) } catch {
      return (nil, [error])
    }
  }

  private mutating func schema(_ request: JSON) throws -> Result<Schema, SchemaErrors> {
    let sdl = try text("schema", of: request)
    if let known = schemas[sdl] { return known }
    let made = Result { () throws(SchemaErrors) in try Schema.build([Source(name: "schema", text: sdl)]) }
    if schemas.count >= Self.maxSchemas { (schemas, engines) = ([:], [:]) }
    schemas[sdl] = made
    return made
  }

  private mutating func engine(_ request: JSON, _ schema: Schema) throws -> SyntheticEngine {
    let sdl = try text("schema", of: request)
    if let known = engines[sdl] { return known }
    let made = try SyntheticEngine(schema, limits: .generous)
    engines[sdl] = made
    return made
  }

  private func schemaErrors(_ result: Result<Schema, SchemaErrors>) -> [JSON] {
    guard case .failure(let errors) = result else { return [] }
    return errors.problems.map { problem in
      let places = problem.location.map { place -> [JSON] in
        [["line": .int(Int64(place.line)), "column": .int(Int64(place.column))]]
      }
      return ["message": .string(problem.message), "locations": .array(places ?? []), "source": "schema"]
    }
  }

  private func text(_ key: String, of request: JSON) throws -> String {
    guard let text = request[key]?.string else { throw Failure(message: "\"\(key)\" must be a string") }
    return text
  }
}
