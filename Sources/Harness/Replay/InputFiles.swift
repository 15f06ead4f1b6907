internal import Scenario

/// The files that a run was made of, each under the path it had then.
struct InputFiles: ScenarioFiles {
  struct File: Sendable {
    let path: String
    let bytes: [UInt8]
  }

  /// In the order in which they were read.
  let files: [File]
  /// Those that were found or listed, also the empty ones.
  let folders: [String]
  private let contents: [String: [UInt8]]

  init(files: [File], folders: [String]) {
    self.files = files
    self.folders = folders
    contents = Dictionary(files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
  }

  func kind(of path: String) -> FileKind {
    if contents[path] != nil { return .file }
    return folders.contains(path) || files.contains { Self.name($0.path, in: path) != nil } ? .folder : .missing
  }

  func names(in folder: String) -> [String] {
    Set((files.map(\.path) + folders).compactMap { Self.name($0, in: folder) }).sorted()
  }

  func read(_ path: String, limit: Int) -> [UInt8]? { contents[path].map { Array($0.prefix(limit + 1)) } }

  /// The first part of a path below a folder; `nil` when it is not in there.
  private static func name(_ path: String, in folder: String) -> String? {
    var rest = path[...]
    if folder == "." {
      guard !path.hasPrefix("/"), path != "." else { return nil }
    } else {
      let prefix = folder.hasSuffix("/") ? folder : folder + "/"
      guard path.hasPrefix(prefix) else { return nil }
      rest = path.dropFirst(prefix.count)
    }
    return rest.split(separator: "/").first.map(String.init)
  }

  /// Where the copy of a file stands in a run's folder: below `folder`, whatever its path. No two paths have one place.
  static func place(of path: String, under folder: String = "inputs") -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true).map { part -> String in
      if part == ".." { return "@up" }
      return part.hasPrefix("@") ? "@\(part)" : String(part)
    }
    return ([folder] + (path.hasPrefix("/") ? ["@root"] : []) + parts).joined(separator: "/")
  }
}
