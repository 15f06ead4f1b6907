import GraphQL
import GraphQLTesting
import JSON
import Testing
import World

/// Properties that hold for every input; `graphql-adapter fuzz` looks at far more of them.
@Suite struct FuzzTests {
  @Test("no input crashes, hangs or breaks a property", arguments: FuzzTarget.allCases)
  func properties(target: FuzzTarget) async throws {
    let schemas = try SampleSchemas.all.map { try FuzzSchema($0.sdl) }
    for (index, schema) in schemas.enumerated() {
      var inputs = FuzzInputs(schema: schema.schema, seed: UInt64(index))
      for number in 0..<60 {
        let input = inputs.next(for: target)
        do { try await target.check(input.bytes, schema, variables: input.variables) } catch {
          Issue.record("input \(number) of \(SampleSchemas.all[index].name): \(error)")
        }
      }
    }
  }

  @Test("generated documents without mistakes are valid, and execute", arguments: SampleSchemas.all.map(\.name))
  func validDocuments(name: String) async throws {
    let sdl = try #require(SampleSchemas.all.first { $0.name == name }?.sdl)
    let schema = try Schema.build([Source(text: sdl)])
    let engine = try SyntheticEngine(schema, limits: .generous)
    var documents = DocumentGenerator(schema: schema, seed: 5)
    var variables = VariableGenerator(schema: schema, seed: 5)
    var executed = 0
    for _ in 0..<60 {
      let text = documents.document(mistakes: 0)
      let document = try parseDocument(Source(text: text))
      // Fragments on different types may still select differing fields under one key.
      let errors = validate(document, against: schema).filter { !$0.message.contains("conflict because") }
      #expect(errors.isEmpty, "\(text)")
      let operation = try #require(document.operations.first)
      let request = GraphQLRequest(
        query: text, operationName: operation.name?.value, variables: variables.variables(for: operation, mistakes: 0))
      let result = await engine.respond(to: request)
      if result.outcome != .requestError { executed += 1 }
    }
    #expect(executed > 50)
  }

  @Test(
    "documents meant to exhaust are refused soon and with a limit's words",
    arguments: [
      "{ " + (0..<1_000_000).map { "a\($0):b " }.joined() + "}", String(repeating: "{a", count: 100_000),
      "{ a(b: " + String(repeating: "[", count: 100_000), "{ a(b: " + String(repeating: "{c:", count: 80_000),
      "{ a(b: \(String(repeating: "9", count: 300_000))) }",
    ])
  func bombs(text: String) async throws {
    let engine = try SyntheticEngine(try Schema.build([Source(text: SampleSchemas.pets)]))
    let result = await engine.respond(to: GraphQLRequest(query: text))
    #expect(result.outcome == .requestError)
    let errors = try #require(try JSON.parse(result.bytes)["errors"]?.array)
    #expect(errors.count == 1)
    let message = errors.first?["message"]?.string ?? ""
    #expect(["limit is", "aborted"].contains { message.contains($0) }, "\(message)")
  }
}
