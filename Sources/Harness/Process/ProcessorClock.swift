private import Glibc

/// What has been used of the processors, in nanoseconds.
enum ProcessorClock {
  /// By all threads of this process.
  static var process: Int64 { read(CLOCK_PROCESS_CPUTIME_ID) ?? 0 }

  static var thread: Int64 { read(CLOCK_THREAD_CPUTIME_ID) ?? 0 }

  /// By all threads of another process; `nil` when there is none.
  static func process(_ pid: Int32) -> Int64? {
    var clock = clockid_t()
    return clock_getcpuclockid(pid, &clock) == 0 ? read(clock) : nil
  }

  private static func read(_ clock: clockid_t) -> Int64? {
    var time = timespec()
    return clock_gettime(clock, &time) == 0 ? Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) : nil
  }
}
