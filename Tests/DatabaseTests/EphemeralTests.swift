import Database
import Glibc
import Testing
import World

@Suite(.timeLimit(.minutes(1))) struct EphemeralTests {
  @Test("clones are equal to the template and apart from each other", arguments: [Dialect.sqlite, .postgres])
  func clones(_ dialect: Dialect) async throws {
    if dialect == .postgres, EphemeralPostgres.obstacle != nil { return }
    let databases = try await startEphemeral(dialect, world: .live(seed: 3))
    try await databases.makeTemplate { database in
      try await database.write("schema") { tx in for query in Person.schema { try tx.execute(query) } }
      try await database.write("insert") { try $0.insert(Person.sample(1)) }
    }
    let (one, other) = (try await databases.clone(), try await databases.clone())
    let (first, second) = (try await one.open(), try await other.open())
    try await first.write("insert") { try $0.insert(Person.sample(2)) }
    #expect(try await first.count(Person.all) == 2)
    #expect(try await second.count(Person.all) == 1)
    await first.close()
    await second.close()
    await one.remove()
    await #expect(throws: DatabaseError.self) {
      let gone = try await one.open()
      _ = try await gone.count(Person.all)
    }
    await databases.stop()
    databases.removeNow()
  }

  @Test(
    "what a killed process left, a running server among it, is swept away; the living are left alone",
    .enabled(if: EphemeralPostgres.obstacle == nil, "Postgres is not installed"))
  func sweep() async throws {
    let abandoned = try await EphemeralPostgres.start(world: .live(seed: 4))
    let living = try await EphemeralPostgres.start(world: .live(seed: 5))
    let path = folder(of: abandoned)
    let pid = try #require(postmaster(path))
    // As if a process had made it that has our pid, but began at another time.
    var parts = path.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    parts[parts.count - 3] = "1"
    let orphan = parts.joined(separator: "-")
    #expect(rename(path, orphan) == 0)
    EphemeralPostgres.sweep()
    #expect(kill(pid, 0) != 0)
    #expect(access(orphan, F_OK) != 0)
    #expect(postmaster(folder(of: living)) != nil)
    await abandoned.stop()
    living.removeNow()
    #expect(access(folder(of: living), F_OK) != 0)
  }

  @Test(
    "a start that is cancelled before the server's process is there ends the server",
    .enabled(if: EphemeralPostgres.obstacle == nil, "Postgres is not installed"))
  func cancelledStart() async throws {
    let world = World.live(seed: 6)
    let start = world.spawnThrowing { _ = try await EphemeralPostgres.start(world: world, processes: SlowProcesses()) }
    start.cancel()
    await #expect(throws: (any Error).self) { try await start.value }
  }

  /// Starts a server only after those who want it have had time to give up.
  private struct SlowProcesses: ProcessRunner {
    private let processes = SystemProcesses()

    func start(_ arguments: [String], input: String, output: String) throws(EphemeralError) -> Int32 {
      if arguments.contains("-D") { usleep(50_000) }
      return try processes.start(arguments, input: input, output: output)
    }

    func wait(_ pid: Int32) -> ProcessEnd { processes.wait(pid) }
  }

  private func folder(of cluster: EphemeralPostgres) -> String {
    String(cluster.location("x").split(separator: "'")[1])
  }

  private func postmaster(_ folder: String) -> Int32? {
    guard let file = fopen("\(folder)/data/postmaster.pid", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, 64, file) != nil else { return nil }
    return Int32(atoi(line))
  }
}
