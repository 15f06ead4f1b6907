internal import Glibc

/// A bounded queue from any thread to driver threads, which wait for it without spinning.
final class BlockingInbox<Element: Sendable>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let filled: UnsafeMutablePointer<pthread_cond_t>
  private let limit: Int
  // Guarded by `mutex`.
  private var elements: [Element] = []
  private var head = 0
  private var finished = false
  private var isNudged = false

  init(limit: Int) {
    self.limit = limit
    mutex = .allocate(capacity: 1)
    filled = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(filled, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(filled)
    pthread_mutex_destroy(mutex)
    filled.deallocate()
    mutex.deallocate()
  }

  /// Why an element was not taken.
  enum Refusal { case full, finished }

  /// - Returns: `nil` when the element was taken.
  func send(_ element: Element) -> Refusal? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    if finished { return .finished }
    if elements.count - head >= limit { return .full }
    elements.append(element)
    pthread_cond_signal(filled)
    return nil
  }

  /// What waits, at most `count` of it; waits for the first. Empty once finished and drained.
  /// - Parameter milliseconds: how long it may wait; `nil` is for ever.
  /// - Returns: `nil` when the time passed, or after a ``nudge()``.
  func take(atMost count: Int, within milliseconds: Int? = nil) -> [Element]? {
    var deadline = timespec()
    if let milliseconds {
      clock_gettime(CLOCK_MONOTONIC, &deadline)
      let nanoseconds = deadline.tv_nsec + milliseconds % 1_000 * 1_000_000
      deadline.tv_sec += milliseconds / 1_000 + nanoseconds / 1_000_000_000
      deadline.tv_nsec = nanoseconds % 1_000_000_000
    }
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while head == elements.count {
      if finished { return [] }
      if isNudged {
        isNudged = false
        return nil
      }
      if milliseconds == nil {
        pthread_cond_wait(filled, mutex)
      } else if pthread_cond_timedwait(filled, mutex, &deadline) == ETIMEDOUT {
        return nil
      }
    }
    let end = min(elements.count, head + count)
    if head == 0, end == elements.count {
      let all = elements
      elements = []
      return all
    }
    let taken = Array(elements[head..<end])
    head = end
    if head == elements.count {
      elements.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= 1024 {
      elements.removeSubrange(..<head)
      head = 0
    }
    return taken
  }

  /// Lets a waiting ``take(atMost:within:)`` return, so that its caller can look around.
  func nudge() {
    pthread_mutex_lock(mutex)
    isNudged = true
    pthread_cond_signal(filled)
    pthread_mutex_unlock(mutex)
  }

  /// Takes no more; what waits is still given out.
  func finish() {
    pthread_mutex_lock(mutex)
    finished = true
    pthread_cond_broadcast(filled)
    pthread_mutex_unlock(mutex)
  }
}
