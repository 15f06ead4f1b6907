internal import Client
internal import GraphQL
internal import JSON
internal import Scenario
internal import Server
private import Synchronization
package import World

/// What `rehearse record` is asked for.
package struct RecordOptions: Sendable {
  package var target: TargetOptions
  fileprivate let host: String
  fileprivate let port: Int
  fileprivate let out: String
  fileprivate let schema: String?
  fileprivate let showsLines: Bool

  /// - Parameters:
  ///   - target: the server's URL, as `rehearse run --target` takes it.
  ///   - listen: `HOST:PORT`; port 0 is any that is free.
  ///   - out: the scenario file to write.
  ///   - schema: the file of the server's schema, where it is not the product's.
  ///   - force: whether a file that is there may be overwritten.
  /// - Throws: ``InputError``.
  package init(target: String, listen: String, out: String, schema: String?, force: Bool, quiet: Bool) throws {
    self.target = try TargetOptions(url: target, organizations: [], tokens: [], headers: [])
    guard self.target.endpoint.scheme == .http else {
      throw InputError("--target: '\(target)' cannot be recorded: the proxy speaks http and ws only.")
    }
    guard let colon = listen.lastIndex(of: ":"), colon > listen.startIndex,
      let number = UInt16(listen[listen.index(after: colon)...])
    else { throw InputError("--listen must be HOST:PORT, as in 127.0.0.1:0, not '\(listen)'.") }
    host = String(listen[..<colon].filter { $0 != "[" && $0 != "]" })
    port = Int(number)
    guard out.hasSuffix(".yaml") || out.hasSuffix(".yml") else {
      throw InputError("--out must name a .yaml file, not '\(out)'.")
    }
    guard force || !RunFolder.exists(out) else { throw InputError("'\(out)' is there already; --force overwrites it.") }
    self.out = out
    self.schema = schema
    showsLines = !quiet && Terminal.isWatched
  }
}

/// A proxy that records, until it is told to write.
package final class RecordingSession: Sendable {
  private let options: RecordOptions
  private let proxy: Proxy
  private let recorder: SharedRecorder

  /// The port that clients are to use.
  package var port: Int { proxy.port }

  private init(_ options: RecordOptions, _ proxy: Proxy, _ recorder: SharedRecorder) {
    self.options = options
    self.proxy = proxy
    self.recorder = recorder
  }

  /// Finds out whether the target is there, and records from when it returns.
  /// - Throws: ``HarnessError`` when the target does not answer or the address cannot be had; ``InputError`` when the
  ///   schema will not do.
  package static func start(_ options: RecordOptions, world: World) async throws -> RecordingSession {
    let book = OperationBook(schema: try schema(options), file: options.out)
    try await TargetSystem.reach(options.target, world: world)
    let recorder = SharedRecorder(Recorder(book: book))
    let endpoint = options.target.endpoint
    let clock = world.clock
    do throws(ServerError) {
      let proxy = try await Proxy.start(
        host: options.host, port: options.port, target: (endpoint.host, endpoint.port), authority: endpoint.authority
      ) { event in
        let line = recorder.state.withLock { $0.observe(event, at: clock.now) }
        if options.showsLines, let line { Terminal.write(line + "\n") }
      }
      return RecordingSession(options, proxy, recorder)
    } catch { throw HarnessError("\(error)") }
  }

  /// Records until the task is cancelled, and writes the file.
  /// - Throws: as ``start(_:world:)`` and ``finish()``.
  package static func perform(_ options: RecordOptions) async throws -> Verdict {
    OpenFiles.raiseLimit()
    let world = World.live(seed: World.freshSeed())
    let session = try await start(options, world: world)
    let host = options.host.contains(":") ? "[\(options.host)]" : options.host
    Terminal.write(
      "Recording \(options.target.endpoint): point clients at http://\(host):\(session.port)"
        + "\(options.target.endpoint.path), Ctrl-C ends and writes \(options.out)\n")
    // Sleeps until it is cancelled.
    while (try? await world.sleep(for: .seconds(3600))) != nil {}
    return try await session.finish()
  }

  /// Ends the proxy and writes the scenario.
  /// - Returns: `.failed` when nothing was recorded, and when what was written has mistakes, which are told.
  /// - Throws: ``HarnessError`` when the file cannot be written.
  package func finish() async throws -> Verdict {
    await proxy.stop()
    let recorder = recorder.state.withLock { $0 }
    let place = "\(options.target.endpoint)"
    guard let text = ScenarioWriter.scenario(of: recorder, place: place, schema: schemaKey) else {
      Terminal.writeError("Nothing was recorded, and nothing is written: no operation passed that could be played.\n")
      return .failed
    }
    try RunFolder.write(Array(text.utf8), to: options.out)
    let outcome = try ScenarioSelection.load([options.out])
    if !outcome.diagnostics.isEmpty { Terminal.writeError(outcome.text(color: Terminal.showsColors)) }
    guard !outcome.hasErrors else {
      Terminal.writeError("Wrote \(options.out), which needs a hand: it has the mistakes above.\n")
      return .failed
    }
    let rest = options.schema == nil ? "" : " --target \(options.target.endpoint) --token ACTOR=@FILE"
    Terminal.write("Wrote \(options.out). Play it: rehearse run \(options.out)\(rest)\n")
    return .passed
  }

  private static func schema(_ options: RecordOptions) throws -> Schema {
    guard let file = options.schema else { return try ScenarioSelection.schema() }
    let text = String(decoding: try RunFolder.read(file), as: UTF8.self)
    do throws(SchemaErrors) { return try Schema.build([Source(name: file, text: text)]) } catch {
      throw InputError("--schema: '\(file)' has mistakes: \(error)")
    }
  }

  /// The schema's file, as seen from the scenario's.
  private var schemaKey: String? {
    options.schema.map { file in
      let depth = options.out.split(separator: "/").dropLast().count { $0 != "." }
      return file.hasPrefix("/") ? file : String(repeating: "../", count: depth) + file
    }
  }
}

/// What the proxy's thread writes into.
private final class SharedRecorder: Sendable {
  let state: Mutex<Recorder>

  init(_ recorder: Recorder) { state = Mutex(recorder) }
}
