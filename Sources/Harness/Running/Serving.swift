internal import Collaboration
internal import Cryptography
internal import Database
internal import Server
internal import World

/// What `rehearse serve` was asked for.
package struct ServeOptions: Sendable {
  package var host = "127.0.0.1"
  /// 0 for any that is free.
  package var port = 4000
  package var database = DatabaseChoice.sqlite
  /// Bring the database's schema up to this build's before serving.
  package var migrate = false
  /// Organizations to make when they are not there, each with the secret that signs its client tokens.
  package var organizations: [(slug: String, secret: String)] = []
  /// `nil` leaves the product's default.
  package var presenceLease: Duration?
  /// How long what runs may take to finish after SIGTERM.
  package var drainDeadline: Duration = .seconds(10)
  package var seed: UInt64?

  package init() {}
}

/// The server itself, until it is told to stop.
package enum Serving {
  /// Serves until the task is cancelled, then drains: accepts no more, finishes what runs, closes sockets with 1001.
  /// - Throws: ``HarnessError`` when the port is taken or the database will not do.
  package static func perform(_ options: ServeOptions) async throws {
    OpenFiles.raiseLimit()
    let world = World.live(seed: options.seed ?? World.freshSeed())
    let (database, remove) = try await open(options, world)
    do {
      try await serve(options, on: database, world)
      await remove()
    } catch {
      await remove()
      throw error
    }
  }

  private static func open(
    _ options: ServeOptions, _ world: World
  ) async throws -> (any Database, @Sendable () async -> Void) {
    guard case .url(let location) = options.database else {
      let databases = try await Databases.start(options.database, world: world)
      let database = try await databases.make(world)
      Terminal.write("An ephemeral \(options.database.name) database, removed at the end\n")
      return (
        database.opened,
        {
          await database.remove()
          await databases.stop()
        }
      )
    }
    let database = try await SchemaMigration.open(location, makesIt: options.migrate)
    if options.migrate { _ = try await SchemaMigration.up(database, to: nil, world: world) }
    return (database, { await database.close() })
  }

  private static func serve(_ options: ServeOptions, on database: any Database, _ world: World) async throws {
    var settings = Collaboration.Settings()
    if let lease = options.presenceLease { settings.presenceLease = lease }
    settings.housekeepingInterval = .seconds(60)
    let product: Collaboration
    do {
      product = try await Collaboration(
        database: database, world: world, settings: settings, build: Build.identifier(),
        secretBytes: { try secretBytes($0) }, log: { Terminal.writeError("\($0)\n") })
    } catch let error as SchemaMismatch {
      throw HarnessError("\(error), or serve with --migrate")
    } catch {
      throw HarnessError("\(error)")
    }
    for (slug, secret) in options.organizations {
      do {
        _ = try await product.createOrganization(name: slug, slug: slug, secret: Array(secret.utf8))
      } catch {
        await product.stop()
        throw HarnessError("Organization '\(slug)' cannot be made: \(error).")
      }
    }
    let core = ServerCore(service: product, world: world)
    let server: HTTPServer
    do throws(ServerError) {
      server = try await HTTPServer.start(
        core: core, world: world, host: options.host, port: options.port, eventLoops: 2)
    } catch {
      await product.stop()
      throw HarnessError("\(error)")
    }
    Terminal.write("Listening on http://\(options.host):\(server.port) (API at /graphql, also /health and /version)\n")
    // Sleeps until it is cancelled.
    while (try? await world.sleep(for: .seconds(3600))) != nil {}
    Terminal.write("Draining\n")
    // What follows must not inherit the cancellation that began it.
    await world.spawn {
      await server.stop(deadline: options.drainDeadline)
      await product.stop()
    }.value
  }
}
