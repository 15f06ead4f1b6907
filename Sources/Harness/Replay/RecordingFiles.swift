internal import Scenario
private import Synchronization

/// Files of scenarios, which remembers what was read of them.
final class RecordingFiles: ScenarioFiles {
  private struct State {
    var files: [InputFiles.File] = []
    var folders: Set<String> = []
    var seen: Set<String> = []
  }

  private let files: any ScenarioFiles
  private let state = Mutex(State())

  init(_ files: any ScenarioFiles) { self.files = files }

  func kind(of path: String) -> FileKind {
    let kind = files.kind(of: path)
    // An empty folder decides too: actions are looked for in the nearest.
    if kind == .folder { state.withLock { _ = $0.folders.insert(path) } }
    return kind
  }

  func names(in folder: String) -> [String] {
    state.withLock { _ = $0.folders.insert(folder) }
    return files.names(in: folder)
  }

  func read(_ path: String, limit: Int) -> [UInt8]? {
    let bytes = files.read(path, limit: limit)
    if let bytes {
      state.withLock { state in
        guard state.seen.insert(path).inserted else { return }
        state.files.append(InputFiles.File(path: path, bytes: bytes))
      }
    }
    return bytes
  }

  /// What was read until now.
  var recorded: InputFiles {
    state.withLock { InputFiles(files: $0.files, folders: $0.folders.sorted()) }
  }
}
