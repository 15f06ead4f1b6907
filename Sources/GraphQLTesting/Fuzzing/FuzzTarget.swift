package import GraphQL
package import JSON

/// A part that takes bytes from outside, and what must hold for it whatever they are.
package enum FuzzTarget: String, CaseIterable, Sendable {
  case parser, validator, executor, json
}

/// A property that an input breaks.
package struct FuzzFinding: Error, CustomStringConvertible {
  package let description: String
}

/// A schema to fuzz with.
package struct FuzzSchema: Sendable {
  package let schema: Schema
  let engine: SyntheticEngine

  /// - Parameter limits: what a hostile document meets in a server.
  package init(_ sdl: String, limits: EngineLimits = .default) throws {
    schema = try Schema.build([Source(text: sdl)])
    engine = try SyntheticEngine(schema, limits: limits)
  }
}

extension FuzzTarget {
  /// - Throws: ``FuzzFinding`` when the property does not hold.
  package func check(_ input: [UInt8], _ schema: FuzzSchema, variables: JSONObject = [:]) async throws {
    let text = String(decoding: input, as: UTF8.self)
    switch self {
    case .parser: try checkParser(text)
    case .validator: try checkValidator(text, schema.schema)
    case .executor: try await checkExecutor(text, schema, variables)
    case .json: try checkJSON(input)
    }
  }

  /// A document prints as text that parses and prints alike.
  private func checkParser(_ text: String) throws {
    let document: Document
    do throws(GraphQLError) { document = try parseDocument(Source(text: text)) } catch {
      try require(!error.message.isEmpty && error.locations.count <= 1, "an error without message or with two places")
      return
    }
    let printed = print(document)
    let again: Document
    do throws(GraphQLError) { again = try parseDocument(Source(text: printed), limits: .schema) } catch {
      throw FuzzFinding(description: "what was printed does not parse: \(error)\n\(printed)")
    }
    try require(print(again) == printed, "printing is no fixed point:\n\(printed)\n---\n\(print(again))")
  }

  /// The layout of a document does not matter to its verdict, and the verdict has an end.
  private func checkValidator(_ text: String, _ schema: Schema) throws {
    guard let document = try? parseDocument(Source(text: text)) else { return }
    let limit = 50
    let errors = validate(document, against: schema, maxErrors: limit)
    try require(errors.count <= limit + 1, "\(errors.count) errors, the limit is \(limit)")
    let again = try parseDocument(Source(text: print(document)), limits: .schema)
    let messages = validate(again, against: schema, maxErrors: limit).map(\.message)
    try require(errors.map(\.message) == messages, "the printed document has other errors:\n\(errors)\n\(messages)")
  }

  /// Whatever is asked, the answer is a response map; what is valid has data, or is refused for a reason.
  private func checkExecutor(_ text: String, _ schema: FuzzSchema, _ variables: JSONObject) async throws {
    let request = GraphQLRequest(query: text, variables: variables)
    let result = await schema.engine.respond(to: request)
    let map: JSON
    do throws(JSONError) { map = try JSON.parse(result.bytes) } catch {
      throw FuzzFinding(
        description: "the response is not JSON: \(error)\n\(String(decoding: result.bytes, as: UTF8.self))")
    }
    let errors = map["errors"]?.array ?? []
    try require(map["data"] != nil || !errors.isEmpty, "neither data nor errors")
    try require((map["data"] == nil) == (result.outcome == .requestError), "data and outcome disagree")
    for error in errors {
      try require(error["message"]?.string?.isEmpty == false, "an error without a message")
      try require(error["extensions"]?["code"]?.string != "INTERNAL", "an internal error: \(error)")
    }
  }

  /// What is read and written is read and written alike.
  private func checkJSON(_ input: [UInt8]) throws {
    guard let value = try? JSON.parse(input) else { return }
    let written = value.bytes
    let again: JSON
    do throws(JSONError) { again = try JSON.parse(written) } catch {
      throw FuzzFinding(description: "what was written is not JSON: \(error)")
    }
    try require(again.bytes == written, "writing is no fixed point")
  }

  private func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    if !condition { throw FuzzFinding(description: message()) }
  }
}
