private import Glibc

/// How files of one folder are called in another.
struct RelativePath {
  private let prefix: String

  /// - Throws: ``HarnessError`` when one of them is not there.
  init(from: String, to: String) throws {
    guard let from = Self.resolved(from), let to = Self.resolved(to) else {
      throw HarnessError("The folder '\(from)' or '\(to)' is not there.")
    }
    let shared = zip(from, to).prefix { $0 == $1 }.count
    let parts = from.dropFirst(shared).map { _ in ".." } + to.dropFirst(shared)
    prefix = parts.map { "\($0)/" }.joined()
  }

  /// - Parameter path: below the other folder.
  func path(_ path: String) -> String { prefix + path }

  private static func resolved(_ path: String) -> [String]? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved).split(separator: "/").map(String.init)
  }
}
