import JSON
import Scenario
import Testing

/// The JSON Schema of the format, held against the lint.
@Suite struct SchemaTests {
  private static let files = RootedFiles(root: Golden.root)
  private static let validator = SchemaValidator(root: ScenarioSchema.json)

  private static func scenarios(under folder: String) -> [String] {
    files.names(in: folder).sorted().flatMap { name -> [String] in
      let path = folder + "/" + name
      if files.kind(of: path) == .folder { return name == "actions" ? [] : scenarios(under: path) }
      return name.hasSuffix(".yaml") ? [path] : []
    }
  }

  private static func value(_ path: String) throws -> JSON? {
    json(ofYAML: String(decoding: try #require(files.read(path, limit: 1 << 20)), as: UTF8.self))
  }

  @Test("the schema under docs is the one that the lint's descriptions give")
  func committed() {
    Golden.expect(ScenarioSchema.json.indentedText(), isIn: Golden.root + "/docs/scenario.schema.json")
  }

  @Test("every scenario of the repository satisfies the schema", arguments: scenarios(under: "Scenarios"))
  func satisfied(_ path: String) throws {
    let problem = Self.validator.problem(try #require(try Self.value(path)))
    #expect(problem == nil)
  }

  /// Mistakes of shape, which every broken file with one of them has under the schema too.
  private static let structural = [
    "unknown-key", "wrong-type", "bad-duration", "bad-rate", "unknown-matcher", "no-verb", "many-verbs",
  ]

  @Test(
    "a file with a mistake of shape does not satisfy it",
    arguments: scenarios(under: "Fixtures/broken").filter { !$0.contains("/included/") })
  func broken(_ path: String) throws {
    let expected = String(decoding: try #require(Self.files.read(path + ".expected", limit: 1 << 20)), as: UTF8.self)
    let hits = expected.split(separator: "\n").filter { line in
      line.contains(path.split(separator: "/").last.map { "\($0):" } ?? "")
        && Self.structural.contains { line.hasSuffix("[\($0)]") }
    }
    guard !hits.isEmpty, let value = try Self.value(path) else { return }
    #expect(Self.validator.problem(value) != nil)
  }
}
