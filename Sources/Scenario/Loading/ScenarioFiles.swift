/// The files that scenarios are read from.
package protocol ScenarioFiles: Sendable {
  /// What is at a path.
  func kind(of path: String) -> FileKind
  /// The names in a folder, in any order; empty when it cannot be read.
  func names(in folder: String) -> [String]
  /// A file's bytes, but no more than `limit` and one; `nil` when it cannot be read.
  func read(_ path: String, limit: Int) -> [UInt8]?
}

package enum FileKind: Sendable { case file, folder, missing }
