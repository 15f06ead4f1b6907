private import Glibc
internal import History
private import Synchronization

/// The run's `history.jsonl`: each scenario's history is written when it ends, so that a run that repeats a thousand times
/// holds one of them in memory.
final class HistoryJournal: Sendable {
  private struct State {
    var descriptor: Int32
    var problem: HarnessError?
  }

  private let path: String
  private let state: Mutex<State>

  /// - Throws: ``HarnessError`` when the file cannot be made.
  init(in folder: RunFolder) throws {
    path = "\(folder.path)/history.jsonl"
    try RunFolder.write([], to: path)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw HarnessError("The file '\(path)' cannot be written.") }
    state = Mutex(State(descriptor: descriptor))
  }

  deinit { state.withLock { if $0.descriptor >= 0 { Glibc.close($0.descriptor) } } }

  /// Appends one scenario's history. What keeps it from being written is told by ``close()``.
  func append(_ history: History) {
    let bytes = history.jsonLines
    state.withLock { state in
      guard state.descriptor >= 0, state.problem == nil else { return }
      if !writeAll(bytes, to: state.descriptor) {
        state.problem = HarnessError(
          "The file '\(path)' cannot be written: \(String(cString: strerror(errno))).")
      }
    }
  }

  /// Ends the file.
  /// - Returns: all of it.
  /// - Throws: ``HarnessError`` when something could not be written or read.
  func close() throws -> [UInt8] {
    let problem = state.withLock { state in
      if state.descriptor >= 0 { Glibc.close(state.descriptor) }
      state.descriptor = -1
      return state.problem
    }
    if let problem { throw problem }
    return try RunFolder.read(path)
  }
}
