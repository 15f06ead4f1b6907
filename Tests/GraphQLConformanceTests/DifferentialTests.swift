import Collaboration
import Foundation
import GraphQL
import GraphQLTesting
import JSON
import Testing

/// Compares verdicts, messages, places and results with Python's graphql-core, which follows the reference
/// implementation word for word but for the shape of its quotation marks.
///
/// `REHEARSAL_DIFFERENTIAL_DOCUMENTS=6000 swift test --filter DifferentialTests` compares more than usual, and
/// `REHEARSAL_DIFFERENTIAL_SEED` others.
@Suite(.enabled(if: Reference.isInstalled, "needs graphql-core for python3"))
struct DifferentialTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let documents = environment["REHEARSAL_DIFFERENTIAL_DOCUMENTS"].flatMap { Int($0) } ?? 480
  private static let seed = environment["REHEARSAL_DIFFERENTIAL_SEED"].flatMap { UInt64($0) } ?? 20_250_903

  static let schemas = SampleSchemas.all + [("product", Collaboration.sdl)]

  private struct Case {
    let schema: String
    let engine: SyntheticEngine
    let request: GraphQLRequest
  }

  private static func cases() throws -> [(Case, JSON)] {
    var cases: [(Case, JSON)] = []
    let each = (documents + schemas.count - 1) / schemas.count
    for (index, (name, sdl)) in schemas.enumerated() {
      let schema = try Schema.build([Source(name: name, text: sdl)])
      let engine = try SyntheticEngine(schema, limits: .generous)
      var generator = DocumentGenerator(schema: schema, seed: seed &+ UInt64(index))
      var variables = VariableGenerator(schema: schema, seed: seed &+ UInt64(index))
      for number in 0..<each {
        let text = generator.document()
        let operations = (try? parseDocument(Source(text: text)))?.operations ?? []
        let operation = operations.isEmpty ? nil : operations[number % operations.count]
        let request = GraphQLRequest(
          query: text, operationName: number % 50 == 0 ? "Unknown" : operation?.name?.value,
          variables: operation.map { variables.variables(for: $0) } ?? [:])
        let line: JSON = [
          "op": "execute", "schema": .string(sdl), "document": .string(text),
          "operationName": request.operationName.map { .string($0) } ?? nil, "variables": .object(request.variables),
        ]
        cases.append((Case(schema: name, engine: engine, request: request), line))
      }
    }
    return cases
  }

  @Test("documents are judged and executed as graphql-core does it")
  func agrees() async throws {
    let cases = try Self.cases()
    let answers = try Reference.ask(cases.map(\.1))
    try #require(answers.count == cases.count)
    var compared = 0
    var (invalid, executed, failed) = (0, 0, 0)
    var kinds: Set<String> = []
    for ((example, _), answer) in zip(cases, answers) {
      guard answer["failure"] == nil else { continue }
      compared += 1
      let ours = try JSON.parse(await example.engine.respond(to: example.request).bytes, depthLimit: 2_000)
      var found = (ours["errors"]?.array ?? []).map(Reference.described)
      var expected = (answer["errors"]?.array ?? []).map(Reference.described)
      if answer["data"] != nil {
        // "The order in which field errors appear is not significant": graphql-core sorts them by place, ours come in
        // the order of the response.
        found.sort()
        expected.sort()
      }
      if answer["data"] == nil { invalid += 1 } else { executed += 1 }
      if answer["data"] != nil, !expected.isEmpty { failed += 1 }
      for message in expected { kinds.insert(Reference.kind(of: message)) }
      if found == expected, ours["data"]?.text == answer["data"]?.text { continue }
      if Self.isExplained(example.request.query, found, expected) { continue }
      let agreed = zip(found, expected).prefix { $0 == $1 }.count
      Issue.record(
        """
        \(example.schema): \(example.request.query)
        operation \(example.request.operationName ?? "none"), variables \(JSON.object(example.request.variables))
        ours:   error \(agreed): \(found.dropFirst(agreed).first ?? "none") data \(ours["data"]?.text ?? "none")
        theirs: error \(agreed): \(expected.dropFirst(agreed).first ?? "none") data \(answer["data"]?.text ?? "none")
        """)
    }
    // A generator that writes only nonsense, or only good documents, would prove nothing.
    #expect(compared > Self.documents * 9 / 10)
    #expect(invalid > compared / 5 && executed > compared / 5 && failed > compared / 20)
    #expect(kinds.count > 30)
    if Self.environment["REHEARSAL_DIFFERENTIAL_DOCUMENTS"] != nil {
      print(
        "compared \(compared): \(invalid) refused, \(executed) executed, \(failed) with errors, \(kinds.count) kinds")
    }
  }

  /// Where graphql-core 3.2 follows an older edition than that of September 2025, which says
  /// `directive @deprecated(reason: String! = "No longer supported")` (3.13.3), before `String`, and lets operations,
  /// fragments and variable definitions have descriptions (2.3, 2.8, 2.10: "Description?").
  ///
  /// And where Python differs from the specification: an ID of 1e30 is no integer but one of the "float input values"
  /// which "must raise a request error" (3.5.5).
  private static func isExplained(_ query: String, _ ours: [String], _ theirs: [String]) -> Bool {
    if let first = theirs.first, first.hasPrefix("Syntax Error"), first.contains("String \"") { return ours != theirs }
    // 5.1.1 refuses a document with definitions of types; what the types in them are is then nobody's question.
    if ours.contains(where: { $0.contains("definition is not executable") }) {
      return theirs.filter { !$0.hasPrefix("Unknown type") } == ours.filter { !$0.hasPrefix("Unknown type") }
    }
    if ours.contains(where: { $0.contains("ID cannot represent value: 1e+30") }) { return true }
    return query.contains("@deprecated(reason: null")
      || query.contains("@deprecated(")
        && ours.map { $0.replacing("\"String!\"", with: "\"String\"") }
          == theirs.map { $0.replacing("\"String!\"", with: "\"String\"") }
  }

  /// Not "inputs": graphql-core cannot print a default of a custom scalar that is an object.
  @Test("schemas print as graphql-core prints them", arguments: schemas.map(\.name).filter { $0 != "inputs" })
  func printsAlike(name: String) throws {
    let sdl = try #require(Self.schemas.first { $0.name == name }?.sdl)
    let ours = try Schema.build([Source(text: sdl)]).sdl
    let theirs = try Reference.ask([["op": "schema", "schema": .string(sdl)]]).first?["text"]?.string
    #expect(lines(ours) == lines(try #require(theirs)))
  }

  /// Not "inputs" either.
  @Test(
    "a client loads from introspection what the SDL says", arguments: schemas.map(\.name).filter { $0 != "inputs" })
  func loads(name: String) async throws {
    let sdl = try #require(Self.schemas.first { $0.name == name }?.sdl)
    let engine = try SyntheticEngine(try Schema.build([Source(text: sdl)]), limits: .generous)
    let result = await engine.respond(to: GraphQLRequest(query: IntrospectionQuery.text))
    let data = try #require(try JSON.parse(result.bytes)["data"])
    let answers = try Reference.ask([["op": "load", "introspection": data], ["op": "schema", "schema": .string(sdl)]])
    #expect(lines(try #require(answers[0]["text"]?.string)) == lines(try #require(answers[1]["text"]?.string)))
  }

  /// graphql-core orders types by first use, we by definition; the lines are the same.
  private func lines(_ sdl: String) -> [String] { sdl.split(separator: "\n").map(String.init).sorted() }
}
