import Database
import Foundation
import Harness
import JSON
import Testing
import World

/// A server that stays while runs make databases on it and drop them.
@Suite(
  "Databases on a given server", .enabled(if: EphemeralPostgres.obstacle == nil, "Postgres is not installed"),
  .timeLimit(.minutes(1)))
struct GivenDatabaseTests {
  /// With a user who may make databases and one who may not, and the template that a server has from the beginning.
  private static let cluster = Task {
    let cluster = try await EphemeralPostgres.start(world: .live(seed: 1))
    atexit { removeEphemeralDatabasesNow() }
    try await run(
      "CREATE DATABASE template0 IS_TEMPLATE true TEMPLATE rehearsal_template", "CREATE ROLE maker LOGIN CREATEDB",
      "CREATE ROLE nobody LOGIN", at: cluster.location("template1"))
    return cluster
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func run(_ statements: String..., at location: String) async throws {
    let database = try await openDatabase(location)
    try await database.alone("test") { runner in
      for statement in statements { _ = try runner.query(Query("test", statement)) }
    }
    await database.close()
  }

  /// The URL of the server, for one of its users.
  private func url(_ user: String) async throws -> String {
    let host = try await Self.cluster.value.location("x").split(separator: "'")[1]
    return "postgres://\(user)@/template1?host=\(host)"
  }

  private func databases() async throws -> [String] {
    let database = try await openDatabase(try await Self.cluster.value.location("template1"))
    let rows = try await database.read(Query("databases", "SELECT datname::text FROM pg_database ORDER BY 1"))
    await database.close()
    return try rows.map { try $0.get("datname") }
  }

  private func options(_ url: String, expecting: String = "ada", out: String = "out") throws -> RunOptions {
    let text = """
      name: Somebody asks who they are
      actions: \(root)/Scenarios/actions
      world: { organizations: { acme: [ada] } }
      steps:
        - as: ada
          do: viewer
          returns: { viewer.name: \(expecting) }
      """
    var options = try folder.options(text, as: "\(expecting).yaml", out: out)
    options.database = try #require(DatabaseChoice(url))
    return options
  }

  @Test("each scenario has a database of its own, which is gone afterwards; the password is written nowhere")
  func fresh() async throws {
    let secret = "hush-hush"
    var chosen = try options(try await url("maker:\(secret)") + "&password=\(secret)")
    chosen.paths += try options("postgres", expecting: "eve").paths
    chosen.jobs = 2
    chosen.repetitions = 2
    #expect(try await LiveRun(chosen, kind: .functional).perform().verdict == .failed)
    let summary = try JSON.parse(try folder.read("out/summary.json"))
    #expect(summary["passed"] == 2 && summary["failed"] == 2)
    #expect(summary["database"]?.string == (try await url("maker")))
    for name in ["summary.json", "run.json", "history.jsonl", "junit.xml", "report.html"] {
      #expect(!String(decoding: try folder.read("out/\(name)"), as: UTF8.self).contains(secret), "\(name)")
    }
    let again = try Replay("\(folder.path)/out", out: "\(folder.path)/again", quiet: true)
    #expect(try await again.perform() == .failed)
    #expect(try JSON.parse(try folder.read("again/summary.json"))["database"] == summary["database"])
    // Where that server is not.
    let there = "\(folder.path)/there"
    #expect(try await Replay("\(folder.path)/out", database: .sqlite, out: there, quiet: true).perform() == .failed)
    #expect(try JSON.parse(try folder.read("there/summary.json"))["database"] == "sqlite")
  }

  @Test("what a run that died has left is dropped when the next begins; a run that lives is left alone")
  func sweep() async throws {
    let home = try await url("maker")
    let left = "rehearsal_0123456789abcdef0123456789abcdef_1"
    try await Self.run("CREATE DATABASE \(left) TEMPLATE template0", at: home)
    let living = try await GivenPostgres.start(try PostgresURL(home))
    try await living.makeTemplate { _ in }
    #expect(try await !databases().contains(left))
    let location = try await living.clone().location
    let next = try await GivenPostgres.start(try PostgresURL(home))
    await next.stop()
    try await openDatabase(location).close()
    // What the handler of a second Ctrl-C does.
    living.removeNow()
    let name = try #require(location.split(separator: "/").last?.split(separator: "?").first)
    #expect(try await !databases().contains { $0.hasPrefix(name.prefix(42)) })
  }

  @Test("what is no server to make databases on is refused in one sentence, without a password in it")
  func refused() async throws {
    for (place, words, isInput) in [
      (try await url("nobody:hush"), "ALTER ROLE \"nobody\" CREATEDB", false),
      ("postgres://maker:hush@127.0.0.1:1/x", "127.0.0.1", false), ("postgres://maker:hush@host:port/x", "form", true),
      ("sqlite:\(folder.path)/x.sqlite", "--database sqlite", true),
    ] {
      do {
        _ = try await LiveRun(try options(place), kind: .functional).perform()
        Issue.record("\(place) was used")
      } catch {
        #expect(isInput ? error is InputError : error is HarnessError)
        #expect("\(error)".contains(words), "\(error)")
        #expect(!"\(error)".contains("hush"), "\(error)")
      }
    }
  }

  @Test("databases of scenarios that failed stay on the server when that is asked for")
  func kept() async throws {
    var chosen = try options(try await url("maker:hush"), out: "kept")
    chosen.paths += try options("postgres", expecting: "eve").paths
    chosen.keep = .failed
    #expect(try await LiveRun(chosen, kind: .functional).perform().verdict == .failed)
    let text = String(decoding: try folder.read("kept/databases/kept.txt"), as: UTF8.self)
    #expect(text.contains("eve.yaml, seed 7") && !text.contains("ada.yaml") && !text.contains("hush"), "\(text)")
    let line = try #require(text.split(separator: "\n").first { $0.contains("rehearse serve") })
    let location = try #require(line.split(separator: "'").last)
    #expect(location.contains("/rehearsal_kept_"))
    let database = try await openDatabase(String(location))
    #expect(try await database.read(Query("users", "SELECT id FROM users")).count == 1)
    await database.close()
  }

  @Test("a cluster of our own stays in the run's folder, with the commands that start and end it")
  func keptCluster() async throws {
    var chosen = try options("postgres", out: "cluster")
    chosen.keep = .all
    #expect(try await LiveRun(chosen, kind: .functional).perform().verdict == .passed)
    let text = String(decoding: try folder.read("cluster/databases/kept.txt"), as: UTF8.self)
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let start = try #require(lines.first)
    let end = try #require(lines.last)
    try shell(start)
    defer { try? shell(end) }
    let location = try #require(lines.first { $0.hasPrefix("psql") }?.split(separator: "'").last)
    let database = try await openDatabase(String(location))
    #expect(try await database.read(Query("users", "SELECT id FROM users")).count == 1)
    await database.close()
  }

  private func shell(_ command: String) throws {
    // Not Foundation's: that waits until the server that the shell leaves behind has ended too.
    let processes = SystemProcesses()
    let pid = try processes.start(
      ["/bin/sh", "-c", command], input: "/dev/null", output: "\(folder.path)/shell.log")
    let code = processes.wait(pid).code
    let said = String(decoding: try folder.read("shell.log"), as: UTF8.self)
    #expect(code == 0, "\(command): \(said)")
  }
}
