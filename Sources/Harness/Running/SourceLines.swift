internal import Scenario
private import Synchronization

/// Lines of scenario files, for messages that show the place.
final class SourceLines: Sendable {
  private let source: any ScenarioFiles
  private let files = Mutex<[String: [Substring]]>([:])

  init(_ source: any ScenarioFiles) { self.source = source }

  func line(_ mark: Mark) -> String? {
    files.withLock { files in
      if files[mark.file] == nil {
        let bytes = source.read(mark.file, limit: LoadLimits().fileBytes) ?? []
        files[mark.file] = String(decoding: bytes, as: UTF8.self).split(
          separator: "\n", omittingEmptySubsequences: false)
      }
      guard let lines = files[mark.file], lines.indices.contains(mark.line - 1) else { return nil }
      return String(lines[mark.line - 1])
    }
  }
}
