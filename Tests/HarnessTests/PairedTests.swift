import Harness
import Testing

@Suite("Builds played by turns")
struct PairedTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func perform(_ command: String, on database: DatabaseChoice = .sqlite) async throws -> Verdict {
    var options = RunOptions(paths: ["\(root)/Benchmarks/paired.yaml"])
    options.database = database
    options.out = "\(folder.path)/out"
    options.quiet = true
    return try await PairedRun(options, baseline: command, candidate: command, rounds: 8, margin: nil).perform()
  }

  @Test("a build whose server does not come to listen is told, with where its output is")
  func broken() async throws {
    let error = await #expect(throws: HarnessError.self) {
      try await perform("sh -c 'echo \"no such option $*\"; exit 64' --")
    }
    #expect(error?.message.contains("does not listen") == true)
    #expect(error?.hint?.contains("\(folder.path)/out/base.log") == true)
    #expect(String(decoding: try folder.read("out/base.log"), as: UTF8.self).contains("no such option serve --port 0"))
  }

  @Test("builds are not played on somebody's database")
  func database() async {
    await #expect(throws: InputError.self) { try await perform("rehearse", on: .url("sqlite:people.sqlite")) }
  }
}
