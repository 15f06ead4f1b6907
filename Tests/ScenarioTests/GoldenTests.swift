import GraphQL
import Scenario
import Testing

/// The broken scenarios of `Fixtures/broken`, with what is said of each in the `.expected` file beside it.
@Suite struct GoldenTests {
  private static let files = RootedFiles(root: RootedFiles.fixtures)
  private static let names = files.names(in: "broken").filter { $0.hasSuffix(".yaml") }.sorted()

  @Test("a broken scenario is reported mistake by mistake, each where it stands", arguments: names)
  func golden(_ name: String) throws {
    let outcome = try load("broken/\(name)")
    #expect(outcome.scenarios.isEmpty)
    Golden.expect(outcome.text(), isIn: RootedFiles.fixtures + "/broken/\(name).expected")
  }

  @Test("the folder of broken scenarios is read in a stable order, and all of it")
  func folder() throws {
    let outcome = try load("broken")
    #expect(Self.names.count >= 40)
    #expect(outcome.files.filter { !$0.hasPrefix("broken/included/") } == Self.names.map { "broken/\($0)" })
    #expect(outcome.hasErrors)
    #expect(outcome.diagnostics.map(\.mark.file) == outcome.diagnostics.map(\.mark.file).sorted())
  }

  @Test("every kind of mistake is among them, but for those that take a folder or a megabyte, and the warning")
  func kinds() throws {
    let told = Self.names.compactMap { Golden.read(RootedFiles.fixtures + "/broken/\($0).expected") }.joined()
    let missing = DiagnosticCode.allCases.filter { !told.contains("[\($0.rawValue)]\n") }
    #expect(missing == [.tooLarge, .noScenarios, .unused])
  }

  private func load(_ path: String) throws -> LoadedScenarios {
    let sdl = try #require(Self.files.read("broken/schema.graphqls", limit: 1 << 20))
    let schema = try Schema.build([Source(name: "schema.graphqls", text: String(decoding: sdl, as: UTF8.self))])
    return ScenarioLoader(schema: schema, files: Self.files).load(paths: [path])
  }
}

/// The disk below a folder, so that reports name files in the same way wherever the repository lies.
struct RootedFiles: ScenarioFiles {
  let root: String
  private let disk = DiskFiles()

  init(root: String) { self.root = root }

  /// The repository's `Fixtures`.
  static var fixtures: String {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/") + "/Fixtures"
  }

  func kind(of path: String) -> FileKind { disk.kind(of: root + "/" + path) }
  func names(in folder: String) -> [String] { disk.names(in: root + "/" + folder) }
  func read(_ path: String, limit: Int) -> [UInt8]? { disk.read(root + "/" + path, limit: limit) }
}
