internal import Cryptography
internal import Database
internal import Glibc
private import Synchronization

/// Keeps attachments as files of a folder, `ab/cdef…` for the digest `abcdef…`. A file is written beside its place, flushed
/// to the disk and then put there in one step, so that a crash leaves all of it or nothing.
package final class DiskAttachmentStore: AttachmentStore {
  /// Most reads and writes that may wait for the disk.
  package static let waitingLimit = 1_000

  package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    fileprivate init(_ what: String, _ path: String) {
      description = "\(what) \(path): \(String(cString: strerror(errno)))"
    }
  }

  private let root: String
  private let worker: BlockingWorker
  private let drafts = Atomic<Int>(0)

  /// Opens the folder, made when it is not there; what an earlier process left half written is deleted.
  /// - Throws: ``Failure``, `DatabaseError`.
  package init(folder: String) throws {
    root = folder
    worker = try BlockingWorker(limit: Self.waitingLimit)
    try Self.makeFolder(folder)
    try Self.makeFolder("\(folder)/drafts")
    guard let drafts = opendir("\(folder)/drafts") else { throw Failure("cannot read", "\(folder)/drafts") }
    defer { closedir(drafts) }
    while let entry = readdir(drafts) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { unlink("\(folder)/drafts/\(name)") }
    }
  }

  package func put(_ bytes: [UInt8], digest: String) async throws {
    let draft = "\(root)/drafts/\(digest)-\(drafts.wrappingAdd(1, ordering: .relaxed).newValue)"
    let (folder, path) = place(of: digest)
    try await worker.run {
      if access(path, F_OK) == 0 { return }
      try Self.makeFolder(folder)
      do {
        try Self.write(bytes, to: draft)
        guard rename(draft, path) == 0 else { throw Failure("cannot make", path) }
      } catch {
        unlink(draft)
        throw error
      }
      try Self.flush(folder)
    }
  }

  package func get(_ digest: String) async throws -> [UInt8]? {
    let path = place(of: digest).path
    guard let bytes = try await worker.run({ try Self.read(path) }) else { return nil }
    guard hexadecimal(sha256(bytes)) == digest else { throw DamagedContent(digest: digest) }
    return bytes
  }

  package func remove(_ digest: String) async throws {
    let path = place(of: digest).path
    try await worker.run {
      guard unlink(path) == 0 || errno == ENOENT else { throw Failure("cannot delete", path) }
    }
  }

  private func place(of digest: String) -> (folder: String, path: String) {
    let folder = "\(root)/\(digest.prefix(2))"
    return (folder, "\(folder)/\(digest.dropFirst(2))")
  }

  private static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Failure("cannot make", path) }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure("cannot make", path) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure("cannot write", path) }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else { throw Failure("cannot flush", path) }
  }

  /// The names in a folder are content too.
  private static func flush(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure("cannot open", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Failure("cannot flush", folder) }
  }

  private static func read(_ path: String) throws -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw Failure("cannot open", path)
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure("cannot read", path) }
      if count == 0 { return bytes }
      bytes += piece.prefix(count)
    }
  }
}
