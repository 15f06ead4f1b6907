import Foundation
import Harness

/// A folder that is removed with the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("rehearsal-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, as name: String) throws -> String {
    let file = "\(path)/\(name)"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }

  func read(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))) }
}

extension TemporaryFolder {
  /// Of a quiet run of a scenario with this text, with seed 7, whose files go into the folder `out` in here.
  func options(_ text: String, as name: String = "scenario.yaml", out: String = "out") throws -> RunOptions {
    var options = RunOptions(paths: [try write(text, as: name)])
    options.seed = 7
    options.out = "\(path)/\(out)"
    options.quiet = true
    return options
  }
}

/// The package's own folder.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path
