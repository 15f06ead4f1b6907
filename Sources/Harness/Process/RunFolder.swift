private import Foundation

/// The folder that a run writes its files into: `.rehearsal/<run>` unless told otherwise, with `.rehearsal/latest`
/// pointing at the newest.
package struct RunFolder: Sendable {
  package let path: String

  /// Makes the folder, and for the default place points `latest` at it.
  /// - Parameters:
  ///   - out: the folder that was asked for; `nil` is the default place.
  ///   - name: the run's name in the default place, such as `20261124-070825-run`.
  /// - Throws: ``HarnessError`` when it cannot be made.
  package init(out: String?, name: String) throws {
    let files = FileManager.default
    let root = ".rehearsal"
    var candidate = out ?? "\(root)/\(name)"
    do {
      if out == nil {
        // Two runs may begin within a second.
        var number = 2
        while files.fileExists(atPath: candidate) {
          candidate = "\(root)/\(name)-\(number)"
          number += 1
        }
      }
      try files.createDirectory(atPath: candidate, withIntermediateDirectories: true)
      if out == nil {
        let latest = "\(root)/latest"
        try? files.removeItem(atPath: latest)
        try? files.createSymbolicLink(
          atPath: latest, withDestinationPath: String(candidate.dropFirst(root.count + 1)))
      }
    } catch {
      throw HarnessError("The run's folder '\(candidate)' cannot be made: \(error.localizedDescription).")
    }
    path = candidate
  }

  /// Writes a file into the folder, or to `path` when it is set.
  /// - Throws: ``HarnessError`` when it cannot be written.
  package func write(_ bytes: [UInt8], as name: String) throws {
    try RunFolder.write(bytes, to: "\(path)/\(name)")
  }

  /// Writes a file anywhere, making the folders on the way.
  /// - Throws: ``HarnessError`` when it cannot be written.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      let url = URL(fileURLWithPath: path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    } catch {
      throw HarnessError("The file '\(path)' cannot be written: \(error.localizedDescription).")
    }
  }

  /// Reads a whole file.
  /// - Throws: ``HarnessError`` when it cannot be read.
  package static func read(_ path: String) throws -> [UInt8] {
    do { return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) } catch {
      throw HarnessError("The file '\(path)' cannot be read: \(error.localizedDescription).")
    }
  }
}
