internal import Cryptography
internal import Glibc

/// A cluster's data folder: made by `initdb` once, kept in a cache, copied for each cluster.
struct PostgresFiles {
  let installation: PostgresInstallation
  let processes: any ProcessRunner
  let folder: RunFolder

  /// Small segments of the write-ahead log: there is less to write and to copy.
  private static let options = [
    "--encoding=UTF8", "--locale=C", "--auth=trust", "--username=\(EphemeralPostgres.user)", "--no-sync",
    "--no-instructions", "--wal-segsize=1",
  ]

  /// The databases that `initdb` makes and nobody needs are two thirds of what would be copied each time.
  private static let preparation = """
    CREATE DATABASE \(EphemeralPostgres.template) STRATEGY FILE_COPY;
    DROP DATABASE postgres;
    UPDATE pg_database SET datistemplate = false;
    DROP DATABASE template0;

    """

  /// Everything that makes a short life fast and does not matter in it: nothing survives a crash of the machine.
  private static let settings = """
    listen_addresses = ''
    max_connections = 200
    shared_buffers = 32MB
    dynamic_shared_memory_type = mmap
    fsync = off
    synchronous_commit = off
    full_page_writes = off
    wal_level = minimal
    max_wal_senders = 0
    max_wal_size = 512MB
    checkpoint_timeout = 1h
    autovacuum = off
    track_counts = off
    deadlock_timeout = 100ms
    jit = off
    huge_pages = off
    max_parallel_workers_per_gather = 0
    max_logical_replication_workers = 0
    timezone = 'UTC'
    log_timezone = 'UTC'
    """

  /// Makes `<run folder>/data`.
  func make() async throws {
    let data = "\(folder.path)/data"
    let log = "\(folder.path)/initdb.log"
    installation.own(folder.path)
    let cached = try await cachePath()
    if let cached, Files.isDirectory(cached) {
      try await copy(cached, data, log)
    } else {
      try await initialize(data, log)
      if let cached { await keep(data, as: cached, log) }
    }
    try configure(data, sockets: folder.path)
  }

  private func configure(_ data: String, sockets: String) throws {
    let settings = "\(Self.settings)\nunix_socket_directories = '\(sockets)'\n"
    guard Files.write(settings, to: "\(data)/postgresql.conf") else {
      throw EphemeralError("\(data) cannot be written")
    }
    installation.own("\(data)/postgresql.conf")
  }

  /// Copies the data of a server that has ended to where it stays.
  /// - Parameter parent: a folder that is there. Where the server's user cannot get to it, a temporary folder is taken.
  func keep(in parent: String) async throws -> KeptDatabases {
    guard let parent = Files.resolved(parent) else { throw EphemeralError("\(parent) is not there") }
    let data = installation.reaches(parent) ? "\(parent)/postgres" : "/var/tmp/\(folder.name)-kept"
    try await copy("\(folder.path)/data", data, "\(folder.path)/keep.log")
    // Unix sockets have short paths only, and quotes are not for folders that we make.
    let sockets = data.utf8.count <= RunFolder.pathLimit && !data.contains("'") ? data : "/tmp"
    try configure(data, sockets: sockets)
    let host = sockets.utf8.map { byte in
      byte.isPlain ? String(UnicodeScalar(byte)) : "%" + hexadecimal([byte])
    }.joined()
    var kept = KeptDatabases { "postgres://\(EphemeralPostgres.user)@/\($0)?host=\(host)" }
    let control = installation.shellCommand("pg_ctl", data: data)
    kept.start = "\(control) -l \(shellWord("\(data)/log")) start"
    kept.end = "\(control) stop"
    return kept
  }

  private func initialize(_ data: String, _ log: String) async throws {
    let arguments = ["--pgdata=\(data)"] + Self.options
    let end = try await processes.run(installation.command("initdb", arguments), output: log)
    guard end.code == 0 else {
      throw EphemeralError("initdb failed: \(Files.read(log)?.lastLine ?? "it said nothing")")
    }
    let script = "\(folder.path)/prepare.sql"
    guard Files.write(Self.preparation, to: script) else { throw EphemeralError("\(script) cannot be written") }
    // Without a server: one process, fed from a file that we opened.
    let single = ["--single", "-F", "-c", "dynamic_shared_memory_type=mmap", "-D", data, "template1"]
    let prepared = try await processes.run(installation.command("postgres", single), input: script, output: log)
    guard prepared.code == 0, let said = Files.read(log), !said.contains("ERROR:") else {
      throw EphemeralError("the cluster could not be prepared: \(Files.read(log)?.lastLine ?? "it said nothing")")
    }
  }

  /// Where the cluster is kept, in a folder that can be written; `nil` where there is none.
  private func cachePath() async throws -> String? {
    let home = Files.environment("HOME").map { "\($0)/.cache" }
    guard let root = Files.environment("XDG_CACHE_HOME") ?? home, root.hasPrefix("/") else { return nil }
    let parent = "\(root)/rehearsal"
    guard Files.makeFolders(parent), access(parent, W_OK) == 0 else { return nil }
    let output = "\(folder.path)/version"
    let end = try await processes.run(["\(installation.folder)/postgres", "--version"], output: output)
    guard end.code == 0, let text = Files.read(output) else { return nil }
    Files.remove(output)
    let version = text.split(separator: " ").first { $0.first?.isNumber == true } ?? "unknown"
    let owner = installation.account?.user ?? geteuid()
    let key = [text, installation.folder, "\(owner)"] + Self.options + [Self.preparation]
    let hash = hexadecimal(sha256(Array(key.joined(separator: "\n").utf8)).prefix(6))
    return "\(parent)/postgres-\(version)-\(hash)"
  }

  private func copy(_ source: String, _ target: String, _ log: String) async throws {
    let program = ["/bin/cp", "/usr/bin/cp"].first(where: Files.isExecutable) ?? "/bin/cp"
    let end = try await processes.run(
      installation.helper([program, "-a", "--reflink=auto", source, target]), output: log)
    guard end.code == 0 else {
      throw EphemeralError("\(source) could not be copied: \(Files.read(log)?.lastLine ?? "cp said nothing")")
    }
  }

  /// Puts a copy into the cache in one step, so that nobody ever sees half of one.
  private func keep(_ data: String, as cached: String, _ log: String) async {
    let parent = cached[..<(cached.lastIndex(of: "/") ?? cached.startIndex)]
    for name in Files.names(in: String(parent)) {
      let owner = name.split(separator: ".").last.map(String.init)
      if let owner, RunFolder.isAbandoned(owner) { Files.remove("\(parent)/\(name)") }
    }
    let temporary = "\(cached).\(folder.name)"
    // Without a cache the next start takes a second longer; that is no reason to fail.
    do { try await copy(data, temporary, log) } catch { return Files.remove(temporary) }
    if rename(temporary, cached) != 0 { Files.remove(temporary) }
  }
}

extension String {
  /// The last line that is not empty.
  var lastLine: String? { split(separator: "\n").last.map(String.init) }
}
