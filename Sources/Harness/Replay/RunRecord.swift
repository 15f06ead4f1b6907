internal import Cryptography
internal import JSON
internal import Scenario

/// `run.json` of a run's folder: all that is needed to play the run again.
struct RunRecord: Sendable {
  /// A file of the record; its copy is at ``InputFiles/place(of:)``.
  struct File: Sendable {
    let path: String
    /// SHA-256, hexadecimal.
    let digest: String
  }

  private static let version: Int64 = 1
  private static let name = "run.json"

  /// `run`, `load` or `simulate`.
  let command: String
  /// The ``Build`` that played it.
  let build: String
  let seed: UInt64
  let database: String
  let world: String
  /// Schedules that a simulated run explored.
  let seeds: Int
  let options: RunOptions
  let scenarios: [ScenarioKey]
  let files: [File]
  let folders: [String]

  /// Writes `run.json` and a copy of every file into a run's folder.
  /// - Throws: ``HarnessError`` when one cannot be written.
  static func write(
    command: String, options: RunOptions, seed: UInt64, seeds: Int, world: String, scenarios: [Scenario],
    inputs: InputFiles, to folder: RunFolder
  ) throws {
    for file in inputs.files { try folder.write(file.bytes, as: InputFiles.place(of: file.path)) }
    var root = JSONObject()
    root.append("version", .int(version))
    root.append("command", .string(command))
    root.append("build", .string(Build.identifier()))
    // Above 2^63 - 1 it does not fit a JSON integer of most readers.
    root.append("seed", .string(String(seed)))
    root.append("database", .string(options.database.shown))
    root.append("world", .string(world))
    root.append("options", json(of: options, seeds: seeds))
    root.append("scenarios", .array(scenarios.map { ["file": .string($0.file), "name": .string($0.name)] }))
    let files = inputs.files.map { file -> JSON in
      ["path": .string(file.path), "sha256": .string(hexadecimal(sha256(file.bytes)))]
    }
    root.append("files", .array(files))
    root.append("folders", .array(inputs.folders.map(JSON.string)))
    try folder.write(Array(JSON.object(root).indentedText().utf8), as: name)
  }

  private static func json(of options: RunOptions, seeds: Int) -> JSON {
    var object = JSONObject()
    object.append("paths", .array(options.paths.map(JSON.string)))
    object.append("jobs", .int(Int64(options.jobs)))
    object.append("repeat", .int(Int64(options.repetitions)))
    object.append("untilFailure", .bool(options.untilFailure))
    object.append("retries", .int(Int64(options.retries)))
    object.append("failOnFlaky", .bool(options.failsOnFlaky))
    object.append("bail", .bool(options.bail))
    object.append("timeScale", .double(options.timeScale))
    object.append("seeds", .int(Int64(seeds)))
    object.append("shard", .string(options.shard.description))
    return .object(object)
  }

  /// Reads the record of the run in a folder.
  /// - Throws: ``InputError`` when there is none that this build can use.
  init(of run: String) throws {
    let path = "\(run)/\(Self.name)"
    guard RunFolder.exists(path) else {
      throw InputError("'\(run)' holds no run that can be played again: there is no \(Self.name) in it.")
    }
    func wrong(_ what: String) -> InputError { InputError("'\(path)' cannot be used: \(what).") }
    guard let bytes = try? RunFolder.read(path), let root = try? JSON.parse(bytes) else { throw wrong("it is no JSON") }
    guard let version = root["version"]?.int else { throw wrong("it has no 'version'") }
    guard version == Self.version else {
      throw wrong("it has version \(version), and this build reads \(Self.version)")
    }
    func text(_ json: JSON?, _ name: String) throws -> String {
      guard let text = json?[name]?.string else { throw wrong("'\(name)' is missing or no text") }
      return text
    }
    func list(_ json: JSON?, _ name: String) throws -> [JSON] {
      guard let list = json?[name]?.array else { throw wrong("'\(name)' is missing or no list") }
      return list
    }
    command = try text(root, "command")
    guard ["run", "load", "simulate"].contains(command) else { throw wrong("'\(command)' is no command that plays") }
    build = try text(root, "build")
    guard let seed = UInt64(try text(root, "seed")) else { throw wrong("'seed' is no number") }
    self.seed = seed
    database = try text(root, "database")
    world = try text(root, "world")
    guard ["live", "simulated"].contains(world) else {
      throw InputError("'\(run)' was played against a server that is not ours, and what that holds is not recorded.")
    }
    let given = root["options"]
    func count(_ name: String, from least: Int) throws -> Int {
      guard let number = given?[name]?.int, number >= least, number <= 1_000_000 else {
        throw wrong("'\(name)' is no number from \(least) up")
      }
      return Int(number)
    }
    func flag(_ name: String) -> Bool { given?[name]?.bool ?? false }
    var options = RunOptions(paths: try list(given, "paths").compactMap(\.string))
    guard let choice = DatabaseChoice(database) else { throw wrong("'\(database)' is no database") }
    options.database = choice
    options.seed = seed
    options.jobs = try count("jobs", from: 1)
    options.repetitions = try count("repeat", from: 1)
    options.untilFailure = flag("untilFailure")
    options.retries = try count("retries", from: 0)
    options.failsOnFlaky = flag("failOnFlaky")
    options.bail = flag("bail")
    if let scale = given?["timeScale"] {
      guard let number = scale.number, RunOptions.timeScales.contains(number) else {
        throw wrong("'timeScale' is no number of \(RunOptions.timeScales)")
      }
      options.timeScale = number
    }
    guard let shard = ShardOption(try text(given, "shard")) else { throw wrong("'shard' is no shard") }
    options.shard = shard
    seeds = try count("seeds", from: 1)
    scenarios = try list(root, "scenarios").map { ScenarioKey(file: try text($0, "file"), name: try text($0, "name")) }
    files = try list(root, "files").map { File(path: try text($0, "path"), digest: try text($0, "sha256")) }
    folders = try list(root, "folders").compactMap(\.string)
    options.only = scenarios
    self.options = options
  }

  /// The copies of the run's files.
  /// - Throws: ``InputError`` when one is not what the run was made of.
  func inputs(in run: String) throws -> InputFiles {
    var read: [InputFiles.File] = []
    for file in files {
      let copy = "\(run)/\(InputFiles.place(of: file.path))"
      guard let bytes = try? RunFolder.read(copy) else { throw InputError("The copy '\(copy)' cannot be read.") }
      let digest = hexadecimal(sha256(bytes))
      guard digest == file.digest else {
        throw InputError(
          "The copy '\(copy)' was changed after the run: its SHA-256 is \(digest), recorded is \(file.digest).")
      }
      read.append(InputFiles.File(path: file.path, bytes: bytes))
    }
    return InputFiles(files: read, folders: folders)
  }

  /// The files that are no longer, where they were, what they were in the run; in their order.
  var changed: [String] {
    files.filter { file in
      guard let bytes = try? RunFolder.read(file.path) else { return true }
      return hexadecimal(sha256(bytes)) != file.digest
    }.map(\.path)
  }
}
