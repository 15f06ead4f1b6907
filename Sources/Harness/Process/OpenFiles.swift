private import Glibc

/// How many files and sockets this process may have open.
enum OpenFiles {
  /// Raises the limit to the highest that the system allows: most systems start at 1,024, and a virtual user on a server
  /// in the same process takes two.
  static func raiseLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
