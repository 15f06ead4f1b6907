private import Glibc

/// The folder that a run writes its files into: `.rehearsal/<run>` unless told otherwise, with `.rehearsal/latest`
/// pointing at the newest.
package struct RunFolder: Sendable {
  private static let root = ".rehearsal"

  package let path: String

  /// Makes the folder, and for the default place points `latest` at it.
  /// - Parameters:
  ///   - out: the folder that was asked for; `nil` is the default place.
  ///   - name: the run's name in the default place, such as `20261124-070825-run`.
  /// - Throws: ``HarnessError`` when it cannot be made.
  package init(out: String?, name: String) throws {
    guard let out else {
      path = try Self.makeInDefaultPlace(name)
      return
    }
    guard Self.makeFolders(out) else { throw Self.error("The run's folder '\(out)' cannot be made") }
    path = out
  }

  private static func makeInDefaultPlace(_ name: String) throws -> String {
    var own = name
    var made = makeFolders(root) && mkdir("\(root)/\(own)", 0o777) == 0
    // Two runs may begin within a second.
    var number = 2
    while !made, errno == EEXIST, isFolder(root) {
      own = "\(name)-\(number)"
      number += 1
      made = mkdir("\(root)/\(own)", 0o777) == 0
    }
    guard made else {
      throw error("The run's folder '\(root)/\(own)' cannot be made", hint: "Use --out for another place.")
    }
    unlink("\(root)/latest")
    _ = symlink(own, "\(root)/latest")
    return "\(root)/\(own)"
  }

  /// Writes a file into the folder.
  /// - Throws: ``HarnessError`` when it cannot be written.
  package func write(_ bytes: [UInt8], as name: String) throws {
    try RunFolder.write(bytes, to: "\(path)/\(name)")
  }

  /// Writes a file anywhere, making the folders on the way.
  /// - Throws: ``HarnessError`` when it cannot be written.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    let problem = "The file '\(path)' cannot be written"
    try makeFolders(above: path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw error(problem) }
    defer { close(descriptor) }
    guard writeAll(bytes, to: descriptor) else { throw error(problem) }
  }

  /// Makes the folders on the way to a file.
  /// - Throws: ``HarnessError`` when one cannot be made.
  static func makeFolders(above path: String) throws {
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    guard makeFolders(String(path[..<slash])) else { throw error("The file '\(path)' cannot be written") }
  }

  /// Reads a whole file.
  /// - Throws: ``HarnessError`` when it cannot be read.
  package static func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw error("The file '\(path)' cannot be read") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw error("The file '\(path)' cannot be read") }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// Whether there is anything at a path.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes a folder and those above it.
  /// - Returns: false, with `errno` set, when that is not possible.
  private static func makeFolders(_ path: String) -> Bool {
    if isFolder(path) { return true }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      guard makeFolders(String(path[..<slash])) else { return false }
    }
    if mkdir(path, 0o777) == 0 { return true }
    let reason = errno
    // Another run may have been faster, and "a//b" names a folder twice.
    if reason == EEXIST, isFolder(path) { return true }
    errno = reason == EEXIST ? ENOTDIR : reason
    return false
  }

  private static func error(_ problem: String, hint: String? = nil) -> HarnessError {
    HarnessError("\(problem): \(String(cString: strerror(errno))).", hint: hint)
  }
}
