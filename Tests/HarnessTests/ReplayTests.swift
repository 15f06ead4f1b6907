import Database
import Harness
import JSON
import Testing

@Suite("Replays")
struct ReplayTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A scenario that reads a flow of another file and rows of data.
  private func options(out: String) throws -> RunOptions {
    let flows = """
      flows:
        ask: { steps: [{ do: viewer }] }
      """
    _ = try folder.write(flows, as: "flows.yaml")
    _ = try folder.write("title\nOne\nTwo\n", as: "titles.csv")
    let text = """
      name: Threads of a list
      actions: \(root)/Scenarios/actions
      include: flows.yaml
      feeders: { titles: { file: titles.csv } }
      world: { organizations: { acme: [ada] } }
      steps:
        - connect: ada
        - { as: ada, use: ask }
        - each: titles
          steps:
            - as: ada
              do: createThread
              with: { url: "https://acme.example/${index}", title: "${titles.title}" }
      """
    return try folder.options(text, out: out)
  }

  private func replay(_ run: String, out: String = "again") throws -> Replay {
    try Replay("\(folder.path)/\(run)", out: "\(folder.path)/\(out)", quiet: true)
  }

  private func results(_ out: String) throws -> [JSON?] {
    let summary = try JSON.parse(try folder.read("\(out)/summary.json"))
    let scenario = summary["scenarios"]?[0]
    return [
      summary["seed"], summary["world"], summary["checks"], scenario?["name"], scenario?["file"], scenario?["status"],
    ]
  }

  @Test("a run is played from its copies, as it was, though its files have changed, which is told")
  func live() async throws {
    #expect(try await LiveRun(try options(out: "first"), kind: .functional).perform().verdict == .passed)
    #expect(try replay("first").notes == [])
    let changed = try folder.write("flows: {}\n", as: "flows.yaml")
    let replay = try replay("first")
    #expect(replay.notes.count == 1)
    #expect(replay.notes.first?.contains("'\(changed)' has changed since the run") == true)
    #expect(try await replay.perform() == .passed)
    #expect(try results("again") == results("first"))
    // What was played again can be played again.
    #expect(try await self.replay("again", out: "third").perform() == .passed)
  }

  @Test("a simulated run played again has the same history; one that has not fails")
  func simulated() async throws {
    #expect(try SimulatedRun(try options(out: "first"), seeds: 2).perform().verdict == .passed)
    #expect(try await replay("first").perform() == .passed)
    #expect(try folder.read("again/history.sha256") == folder.read("first/history.sha256"))
    #expect(try results("again") == results("first"))
    _ = try folder.write("0123456789abcdef\n", as: "first/history.sha256")
    #expect(try await replay("first").perform() == .failed)
  }

  @Test("a run that is told to keep its databases leaves each, whole, in its folder")
  func kept() async throws {
    var chosen = try options(out: "kept")
    chosen.keep = .all
    #expect(try await LiveRun(chosen, kind: .functional).perform().verdict == .passed)
    let path = "\(folder.path)/kept/databases/@root\(folder.path)/scenario-seed-7.sqlite"
    let database = try SQLiteDatabase.open(.file(path))
    let rows = try await database.read(Query("threads", "SELECT id FROM threads"))
    await database.close()
    #expect(rows.count == 2)
  }

  @Test("a folder that holds no run, and a copy that was changed, are refused with what is wrong")
  func refused() throws {
    func message(_ work: () throws -> Void) -> String {
      do { try work() } catch { return error is InputError ? "\(error)" : "not about the input: \(error)" }
      return "nothing"
    }
    #expect(message { _ = try replay("nowhere") }.contains("there is no run.json"))
    #expect(try SimulatedRun(try options(out: "first"), seeds: 1).perform().verdict == .passed)
    let copy = "first/inputs/@root\(folder.path)/scenario.yaml"
    _ = try folder.write("name: Another\n", as: copy)
    #expect(message { _ = try replay("first") }.contains("scenario.yaml' was changed after the run"))
    _ = try folder.write("{\"version\": 2}", as: "first/run.json")
    #expect(message { _ = try replay("first") }.contains("it has version 2, and this build reads 1"))
  }
}
