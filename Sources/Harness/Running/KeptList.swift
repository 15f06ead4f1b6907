internal import Database
internal import Report
internal import Swarm
private import Synchronization

/// The databases that stay after a run, in its folder or on the server on which they were made.
final class KeptList: Sendable {
  /// One play of a scenario.
  struct Turn: Sendable {
    let file: String
    let seed: UInt64
    let attempt: Int

    /// `Scenarios/functional/mention-seed-7`, a path below a folder.
    fileprivate var path: String {
      let place = InputFiles.place(of: file, under: ".")
      let stem = [".yaml", ".yml"].first { place.hasSuffix($0) }.map { String(place.dropLast($0.count)) } ?? place
      return "\(stem)-seed-\(seed)\(attempt > 1 ? "-attempt-\(attempt)" : "")"
    }
  }

  /// Databases that the terminal tells of; all are in the file.
  private static let shownLimit = 3

  let folder: String
  private let keeping: DatabaseKeeping
  private let kept = Mutex<[(turn: Turn, name: String)]>([])

  /// - Parameter run: the run's folder.
  init(_ keeping: DatabaseKeeping, in run: RunFolder) {
    self.keeping = keeping
    folder = "\(run.path)/databases"
  }

  var isEmpty: Bool { kept.withLock(\.isEmpty) }

  func wants(_ status: OutcomeStatus) -> Bool {
    switch keeping {
    case .none: false
    case .failed: status == .failed || status == .errored
    case .all: true
    }
  }

  func keep(_ database: EphemeralDatabase, _ turn: Turn) async throws {
    let path = "\(folder)/\(turn.path.dropFirst("./".count))"
    try RunFolder.makeFolders(above: path)
    let name = try await database.keep(as: path)
    kept.withLock { $0.append((turn, name)) }
  }

  /// Writes down how to reach them, all in `databases/kept.txt`.
  /// - Returns: the first of them, for the terminal.
  func describe(_ place: KeptDatabases) throws -> String {
    let sorted = kept.withLock { $0 }.sorted {
      ($0.turn.file, $0.turn.seed, $0.turn.attempt) < ($1.turn.file, $1.turn.seed, $1.turn.attempt)
    }
    let start = place.start.map { "  \($0)\n" } ?? ""
    let end = place.end.map { "  \($0)\n" } ?? ""
    let parts = sorted.map { turn, name -> String in
      let url = place.url(of: name)
      let shell = url.hasPrefix("sqlite:") ? "sqlite3 \(shellWord(name))" : "psql \(shellWord(url))"
      return "  # \(turn.file), seed \(turn.seed)\(turn.attempt > 1 ? ", attempt \(turn.attempt)" : "")\n"
        + "  \(shell)\n  rehearse serve --database \(shellWord(url))\n"
    }
    let path = "\(folder)/kept.txt"
    try RunFolder.write(Array((start + parts.joined() + end).utf8), to: path)
    let rest = parts.count - Self.shownLimit
    let more = rest > 0 ? "  # and \(rest) more\n" : ""
    return "Databases kept (\(path)):\n" + start + parts.prefix(Self.shownLimit).joined() + more + end
  }
}
