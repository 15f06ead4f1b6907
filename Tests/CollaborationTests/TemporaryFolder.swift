import Glibc

/// A folder that goes with its owner.
final class TemporaryFolder: Sendable {
  struct Failure: Error {}
  let path: String

  init() throws {
    // In memory where there is room: nobody needs these files after a power cut.
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/collaboration-XXXXXX".utf8CString)
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
