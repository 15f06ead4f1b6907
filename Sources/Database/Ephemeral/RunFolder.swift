internal import Glibc
internal import Synchronization

/// A folder for one process' ephemeral databases: `rehearsal-<pid>-<start time>-<pid namespace>-<number>`, so that any
/// later process can tell whether its owner still lives.
struct RunFolder: Sendable {
  private static let counter = Atomic<Int>(0)
  private static let living = Mutex<[String]>([])
  /// The longest path of a Unix socket is 107 bytes; the socket's own name takes 16 of them.
  static let pathLimit = 90
  private static let sharedMemory = "/dev/shm"
  /// Less free space than this (in bytes) is too little for clusters: containers often have 64 MB.
  private static let memoryNeeded: UInt64 = 1 << 30

  let path: String
  let name: String

  /// - Parameter forOtherUser: it must be reachable for a user other than ours.
  init(forOtherUser: Bool) throws(EphemeralError) {
    guard let me = ProcessIdentity.of(getpid()) else { throw EphemeralError("/proc must be mounted") }
    let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    name = "rehearsal-\(me.pid)-\(me.startTime)-\(ProcessIdentity.namespace)-\(number)"
    for parent in Self.parents {
      let path = "\(parent)/\(name)"
      if path.utf8.count > Self.pathLimit || (forOtherUser && !Files.isOpenToAll(parent)) { continue }
      if Files.makeFolder(path) {
        self.path = path
        Self.living.withLock { $0.append(path) }
        return
      }
    }
    throw EphemeralError("no temporary folder can be written: set TMPDIR to one with a short path")
  }

  func remove() {
    Files.remove(path)
    Self.living.withLock { living in living.removeAll { $0 == path } }
  }

  /// The folders of this process.
  static var ours: [String] { living.withLock { $0 } }

  /// Temporary folders, the preferred one first: what the user chose, memory, disk. A cluster is hundreds of small files,
  /// which take ten times as long on a disk's file system.
  private static var parents: [String] {
    let chosen = Files.environment("TMPDIR").flatMap { Files.resolved($0) }
    let memory = Files.isDirectory(sharedMemory) && Files.space(sharedMemory) >= memoryNeeded ? sharedMemory : nil
    return ([chosen, memory].compactMap { $0 } + ["/tmp"]).uniqued
  }

  /// Folders whose owner is dead.
  static func abandoned() -> [String] {
    (parents + [sharedMemory]).uniqued.flatMap { parent in
      Files.names(in: parent).filter(isAbandoned).map { "\(parent)/\($0)" }
    }
  }

  /// Whether a folder's name says that its owner is dead.
  static func isAbandoned(_ name: String) -> Bool {
    let parts = name.split(separator: "-")
    guard parts.count == 5, parts[0] == "rehearsal", let pid = Int32(parts[1]), parts[3] == ProcessIdentity.namespace
    else { return false }
    return ProcessIdentity.of(pid)?.startTime != String(parts[2])
  }
}

/// A process as no other can ever be again: pids are reused, start times are not.
struct ProcessIdentity: Hashable {
  let pid: Int32
  /// Clock ticks since boot: field 22 of `/proc/<pid>/stat` (proc(5)).
  let startTime: String

  /// `nil` when there is no such process.
  static func of(_ pid: Int32) -> ProcessIdentity? {
    // The second field, the program's name in parentheses, may hold anything.
    guard let text = Files.read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[end...].split(separator: " ")
    guard fields.count > 20 else { return nil }
    return ProcessIdentity(pid: pid, startTime: String(fields[20]))
  }

  /// Whether a process group has a member that has not ended; one that only waits to be noticed has.
  static func groupLives(_ group: Int32) -> Bool {
    guard kill(-group, 0) == 0 else { return false }
    return Files.names(in: "/proc").contains { name in
      guard name.first?.isNumber == true, let text = Files.read("/proc/\(name)/stat"),
        let end = text.lastIndex(of: ")")
      else { return false }
      // proc(5): state, parent and group follow the name.
      let fields = text[end...].split(separator: " ")
      return fields.count > 3 && fields[1] != "Z" && fields[3] == String(group)
    }
  }

  /// The number of our pid namespace: containers that share a temporary folder do not share pids.
  static let namespace: String = {
    var buffer = [UInt8](repeating: 0, count: 64)
    let count = buffer.withUnsafeMutableBytes { bytes in
      guard let start = bytes.bindMemory(to: CChar.self).baseAddress else { return 0 }
      return readlink("/proc/self/ns/pid", start, bytes.count)
    }
    return String(decoding: buffer.prefix(max(0, count)).filter { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self)
  }()
}

extension [String] {
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
