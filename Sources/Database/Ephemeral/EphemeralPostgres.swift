internal import Glibc
internal import Synchronization
package import World

/// A Postgres cluster of our own, reachable by a Unix socket alone.
package final class EphemeralPostgres: EphemeralDatabases {
  static let user = "rehearsal"
  /// The database that is copied; it is there, empty, from the beginning.
  static let template = "rehearsal_template"

  private let folder: RunFolder
  private let installation: PostgresInstallation
  private let processes: any ProcessRunner
  private let world: World
  private let postmaster: Mutex<Postmaster>
  private let clones: PostgresClones

  package let dialect = Dialect.postgres

  /// Why no cluster can be started on this machine; `nil` when one can.
  package static var obstacle: EphemeralError? {
    do {
      _ = try PostgresInstallation.find()
      return nil
    } catch { return error }
  }

  /// Sweeps away what killed processes left, then starts a cluster.
  /// - Throws: `EphemeralError`: not installed, no folder to write to, or what the server said.
  package static func start(
    world: World, processes: any ProcessRunner = SystemProcesses()
  ) async throws -> EphemeralPostgres {
    sweep()
    let installation = try PostgresInstallation.find()
    let folder = try RunFolder(forOtherUser: installation.account != nil)
    do {
      try await PostgresFiles(installation: installation, processes: processes, folder: folder).make()
      let postmaster = try Postmaster(installation, processes, folder: folder.path)
      do {
        let cluster = try EphemeralPostgres(folder, installation, processes, world, postmaster)
        try await postmaster.ready(world)
        return cluster
      } catch {
        await postmaster.stop(SIGQUIT)
        throw error
      }
    } catch {
      folder.remove()
      throw error
    }
  }

  private init(
    _ folder: RunFolder, _ installation: PostgresInstallation, _ processes: any ProcessRunner, _ world: World,
    _ postmaster: Postmaster
  ) throws(DatabaseError) {
    self.folder = folder
    self.installation = installation
    self.processes = processes
    self.world = world
    self.postmaster = Mutex(postmaster)
    clones = try PostgresClones(
      prefix: "scenario_", keptPrefix: "", template: Self.template,
      home: Self.location("template1", in: folder.path), location: { Self.location($0, in: folder.path) })
  }

  /// What libpq connects to.
  package func location(_ database: String) -> String { Self.location(database, in: folder.path) }

  private static func location(_ database: String, in folder: String) -> String {
    "host='\(folder)' user=\(user) dbname=\(database)"
  }

  package func makeTemplate(_ prepare: @Sendable (any Database) async throws -> Void) async throws {
    try await clones.makeTemplate(prepare)
  }

  package func clone() async throws -> EphemeralDatabase { try await clones.clone() }

  /// Ends the server and starts it again over the same data: a fault to play.
  /// - Parameter crash: without a goodbye, as after a power cut.
  package func restart(crash: Bool) async throws {
    await postmaster.withLock { $0 }.stop(crash ? SIGQUIT : SIGINT)
    let next = try Postmaster(installation, processes, folder: folder.path)
    postmaster.withLock { $0 = next }
    try await next.ready(world)
  }

  package func stop() async {
    await postmaster.withLock { $0 }.stop(SIGQUIT)
    folder.remove()
  }

  package func stop(keepingIn folder: String) async throws -> KeptDatabases {
    // Its files must be whole: it may say goodbye.
    await postmaster.withLock { $0 }.stop(SIGINT)
    defer { self.folder.remove() }
    return try await PostgresFiles(installation: installation, processes: processes, folder: self.folder)
      .keep(in: folder)
  }

  package func removeNow() {
    postmaster.withLock { $0 }.stopNow()
    folder.remove()
  }

  /// Removes the clusters and files of processes that are dead.
  package static func sweep() {
    for path in RunFolder.abandoned() {
      Postmaster.endAbandoned("\(path)/data")
      Files.remove(path)
    }
  }
}
