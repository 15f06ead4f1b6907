internal import Collaboration
internal import Cryptography
internal import Database
internal import GraphQL
internal import JSON
internal import Server
internal import World

/// The server itself, until it is told to stop.
package enum Serving {
  /// How long the last lines of the log may take to be written.
  private static let flushLimit = Duration.seconds(1)

  /// Serves until the task is cancelled, then drains: accepts no more, finishes what runs, closes sockets with 1001.
  /// - Throws: ``HarnessError`` when the port is taken or the database will not do.
  package static func perform(_ configuration: ServeConfiguration) async throws {
    let options = configuration.options
    OpenFiles.raiseLimit()
    let world = World.live(seed: World.freshSeed())
    let writing = BlockingQueue()
    let log = ServerLog(
      level: options.logLevel, format: options.logFormat, clock: world.clock, schedule: { writing.run($0) },
      write: { Terminal.writeError($0) })
    let (database, remove) = try await open(options, world)
    do {
      let webhook = options.webhook.isEmpty ? nil : try WebhookClient(url: options.webhook, world: world)
      do { try await serve(options, on: database, webhook, world, log) } catch {
        await webhook?.close()
        throw error
      }
      await webhook?.close()
      await remove()
    } catch {
      await remove()
      throw error
    }
    await world.spawn { _ = try? await world.withTimeout(flushLimit) { await log.flush() } }.value
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
          // Nothing of it is kept.
          _ = try? await databases.stop()
        }
      )
    }
    let database = try await SchemaMigration.open(location, makesIt: options.migrate)
    if options.migrate {
      do { _ = try await SchemaMigration.up(database, to: nil, world: world) } catch {
        await database.close()
        throw HarnessError("The database's schema cannot be brought up to this build's: \(error)")
      }
    }
    return (database, { await database.close() })
  }

  private static func serve(
    _ options: ServeOptions, on database: any Database, _ webhook: WebhookClient?, _ world: World, _ log: ServerLog
  ) async throws {
    let product = try await start(options, on: database, webhook, world, log)
    var service: any GraphQLService = product
    if options.slowdown > 1 {
      service = SlowedService(inner: product, slowdown: Slowdown(factor: options.slowdown))
      let warning = "a fault is switched on: this server needs \(options.slowdown) times the processor time (slowdown)"
      Terminal.write("WARNING: \(warning)\n")
      log.add(LogRecord(.warning, warning))
    }
    let core = ServerCore(service: service, world: world, configuration: options.serverConfiguration, log: log)
    let server: HTTPServer
    do throws(ServerError) {
      server = try await HTTPServer.start(
        core: core, world: world, host: options.host, port: options.port, eventLoops: options.eventLoops,
        limits: options.networkLimits)
    } catch {
      await product.stop()
      throw HarnessError("\(error)")
    }
    Terminal.write(
      "Listening on http://\(options.host):\(server.port) (API at /graphql, also /health, /version and /metrics)\n")
    log.add(
      LogRecord(
        .info, "listening",
        [("host", .string(options.host)), ("port", .int(Int64(server.port)))]
          + (await product.version).members.map { (name: $0.key, value: $0.value) }))
    // Sleeps until it is cancelled.
    while (try? await world.sleep(for: .seconds(3600))) != nil {}
    Terminal.write("Draining\n")
    // What follows must not inherit the cancellation that began it.
    await world.spawn {
      let began = world.clock.now
      log.add(LogRecord(.info, "draining"))
      await server.stop(deadline: options.drainDeadline)
      await product.stop()
      log.add(LogRecord(.info, "stopped", [("durationMs", .double((world.clock.now - began).milliseconds))]))
    }.value
  }

  /// Where the bytes of attachments are.
  private static func store(_ options: ServeOptions, _ log: ServerLog) throws -> any AttachmentStore {
    if options.attachments != ServeOptions.memory {
      do { return try DiskAttachmentStore(folder: options.attachments) } catch { throw HarnessError("\(error)") }
    }
    if case .url = options.database {
      log.add(LogRecord(.warning, "the bytes of attachments are kept in memory: name a folder by 'attachments'"))
    }
    return MemoryAttachmentStore()
  }

  /// The product with the organizations that are to be there.
  private static func start(
    _ options: ServeOptions, on database: any Database, _ webhook: WebhookClient?, _ world: World, _ log: ServerLog
  ) async throws -> Collaboration {
    let attachments = try store(options, log)
    let product: Collaboration
    do {
      product = try await Collaboration(
        database: database, world: world, settings: options.productSettings, build: Build.identifier(),
        secretBytes: { try secretBytes($0) }, attachments: attachments,
        webhook: webhook.map { Webhook(sender: $0, secret: Array(options.webhookSecret.utf8)) },
        log: { log.add(LogRecord(.error, $0)) })
    } catch let error as SchemaMismatch where error.isBehind {
      let place = SettingText.redacted(options.database)
      throw HarnessError("\(error): run 'rehearse migrate up --database \(place)', or serve with --migrate")
    } catch {
      throw HarnessError("\(error)")
    }
    for organization in options.organizations {
      do {
        _ = try await product.createOrganization(
          name: organization.slug, slug: organization.slug, secret: Array(organization.secret.utf8))
      } catch {
        await product.stop()
        throw HarnessError("Organization '\(organization.slug)' cannot be made: \(error).")
      }
    }
    return product
  }
}
