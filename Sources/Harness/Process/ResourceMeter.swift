private import Glibc
internal import Swarm

/// What this process uses, from the system.
enum ResourceMeter {
  @Sendable static func read() -> ResourceUsage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let processor =
      Duration.seconds(Int64(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec))
      + .microseconds(Int64(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec))
    return ResourceUsage(
      processor: processor, memory: memory, processors: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// The resident set; its second field counts pages (proc(5)).
  private static var memory: Int {
    guard let bytes = try? RunFolder.read("/proc/self/statm") else { return 0 }
    let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
