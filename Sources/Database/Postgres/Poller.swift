internal import Glibc

/// Waits for a handful of descriptors at once, and for a wake-up from other threads.
///
/// `poll`, not epoll: Swift's Glibc module lacks the latter, and for five descriptors it makes no difference.
final class Poller: @unchecked Sendable {
  struct Interest {
    let tag: Int
    let descriptor: Int32
    let writable: Bool
  }

  struct Event {
    let tag: Int
    let isReadable: Bool
    let isWritable: Bool
  }

  private let wakeReader: Int32
  private let wakeWriter: Int32

  init() throws(DatabaseError) {
    var ends: (Int32, Int32) = (-1, -1)
    let code = withUnsafeMutableBytes(of: &ends) { Glibc.pipe($0.bindMemory(to: Int32.self).baseAddress) }
    guard code == 0 else {
      throw DatabaseError(.overloaded, "no descriptor is left: \(String(cString: strerror(errno)))")
    }
    (wakeReader, wakeWriter) = ends
    for descriptor in [wakeReader, wakeWriter] {
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }
  }

  deinit {
    Glibc.close(wakeReader)
    Glibc.close(wakeWriter)
  }

  /// Wakes the waiting thread; safe from any thread.
  func wake() {
    var byte: UInt8 = 1
    _ = Glibc.write(wakeWriter, &byte, 1)
  }

  /// Waits for one of `interests`, a wake-up, or `milliseconds` to pass; -1 is for ever.
  func wait(_ interests: [Interest], milliseconds: Int32) -> [Event] {
    var polled = [pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0)]
    for interest in interests {
      let events = interest.writable ? POLLIN | POLLOUT : POLLIN
      polled.append(pollfd(fd: interest.descriptor, events: Int16(events), revents: 0))
    }
    guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return [] }
    if polled[0].revents != 0 {
      var bytes = [UInt8](repeating: 0, count: 64)
      _ = Glibc.read(wakeReader, &bytes, bytes.count)
    }
    let failed = Int16(POLLERR | POLLHUP | POLLNVAL)
    return zip(interests, polled.dropFirst()).compactMap { interest, polled in
      guard polled.revents != 0 else { return nil }
      return Event(
        tag: interest.tag, isReadable: polled.revents & (Int16(POLLIN) | failed) != 0,
        isWritable: polled.revents & (Int16(POLLOUT) | failed) != 0)
    }
  }
}
