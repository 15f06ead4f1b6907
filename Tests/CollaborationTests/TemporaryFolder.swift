import Glibc

/// A folder that goes with its owner.
final class TemporaryFolder: Sendable {
  struct Failure: Error {}
  let path: String

  init() throws {
    var template = Array("/tmp/collaboration-XXXXXX".utf8CString)
    guard let made = template.withUnsafeMutableBufferPointer({ $0.baseAddress.flatMap { mkdtemp($0) } }) else {
      throw Failure()
    }
    path = String(cString: made)
  }

  deinit {
    for name in ["test.db", "test.db-wal", "test.db-shm"] { unlink("\(path)/\(name)") }
    rmdir(path)
  }
}
