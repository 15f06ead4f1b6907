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
  private let clones = Atomic<Int>(0)

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
      let cluster = EphemeralPostgres(folder, installation, processes, world, postmaster)
      do { try await postmaster.ready(world) } catch {
        await cluster.stop()
        throw error
      }
      return cluster
    } catch {
      folder.remove()
      throw error
    }
  }

  private init(
    _ folder: RunFolder, _ installation: PostgresInstallation, _ processes: any ProcessRunner, _ world: World,
    _ postmaster: Postmaster
  ) {
    self.folder = folder
    self.installation = installation
    self.processes = processes
    self.world = world
    self.postmaster = Mutex(postmaster)
  }

  /// What libpq connects to.
  package func location(_ database: String) -> String {
    "host='\(folder.path)' user=\(Self.user) dbname=\(database)"
  }

  package func makeTemplate(_ prepare: @Sendable (any Database) async throws -> Void) async throws {
    let database = try await PostgresDatabase.connect(location(Self.template), writers: 1)
    do { try await prepare(database) } catch {
      await database.close()
      throw error
    }
    await database.close()
  }

  package func clone() async throws -> EphemeralDatabase {
    let name = "scenario_\(clones.wrappingAdd(1, ordering: .relaxed).newValue)"
    try await administration().run("CREATE DATABASE \(name) TEMPLATE \(Self.template) STRATEGY WAL_LOG")
    return EphemeralDatabase(location: location(name)) { [self] in
      // A database that is gone already, with its cluster, is removed too.
      try? await administration().run("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }
  }

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

  private func administration() throws -> PostgresAdministration {
    PostgresAdministration(settings: try PostgresSettings(conninfo: location("template1"), session: []))
  }
}
