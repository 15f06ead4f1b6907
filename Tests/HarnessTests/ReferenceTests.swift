import Collaboration
import GraphQL
import JSON
import Scenario
import Testing

/// The examples of `docs/scenario-reference.md`: whole scenario files, which the lint must find nothing wrong with.
@Suite struct ReferenceTests {
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")

  /// The repository with the examples in it: each stands in `Scenarios/functional`, or where its first line says.
  private struct Files: ScenarioFiles {
    private(set) var examples: [String: String] = [:]
    /// Everything that is shown as YAML, in parts too.
    private(set) var blocks: [String] = []
    private let disk = DiskFiles()

    init() {
      let bytes = disk.read(root + "/docs/scenario-reference.md", limit: 1 << 20) ?? []
      let blocks = String(decoding: bytes, as: UTF8.self).split(separator: "```yaml\n").dropFirst()
      for (number, block) in blocks.enumerated() {
        let text = String(block.prefix(while: { $0 != "`" }))
        self.blocks.append(text)
        let first = text.split(separator: "\n").first ?? ""
        if first.hasPrefix("# file: ") {
          examples[String(first.dropFirst(8))] = text
        } else if first.hasPrefix("name:") {
          examples["Scenarios/functional/example-\(number).yaml"] = text
        }
      }
      examples["Scenarios/functional/titles.csv"] = "title,length\nLaunch,6\n"
    }

    func kind(of path: String) -> FileKind { examples[path] == nil ? disk.kind(of: root + "/" + path) : .file }
    func names(in folder: String) -> [String] { disk.names(in: root + "/" + folder) }
    func read(_ path: String, limit: Int) -> [UInt8]? {
      examples[path].map { Array($0.utf8) } ?? disk.read(root + "/" + path, limit: limit)
    }
  }

  @Test("the lint finds nothing wrong with the examples")
  func examples() throws {
    let files = Files()
    let paths = files.examples.keys.filter { $0.hasSuffix(".yaml") }.sorted()
    let outcome = ScenarioLoader(schema: try Schema.build(Collaboration.sources), files: files).load(paths: paths)
    #expect(outcome.text() == "")
    #expect(outcome.scenarios.count >= 10)
  }

  @Test("every key of the format is in an example")
  func keys() throws {
    var used: Set<String> = []
    func collect(_ value: JSON) {
      for (key, inner) in value.object?.members ?? [] {
        used.insert(key)
        collect(inner)
      }
      for element in value.array ?? [] { collect(element) }
    }
    for text in Files().blocks { if let value = json(ofYAML: text) { collect(value) } }
    var keys: [String] = []
    func properties(_ schema: JSON) {
      for (key, inner) in schema["properties"]?.object?.members ?? [] where !keys.contains(key) {
        keys.append(key)
        properties(inner)
      }
      for (key, inner) in schema.object?.members ?? [] where key != "properties" {
        properties(inner)
        for element in inner.array ?? [] { properties(element) }
        for (_, definition) in key == "$defs" ? inner.object?.members ?? [] : [] { properties(definition) }
      }
    }
    properties(ScenarioSchema.json)
    #expect(keys.count > 50)
    #expect(keys.filter { !used.contains($0) } == [])
  }
}
