import Glibc

/// What a transaction's body, which has a thread of its own, waits at until somebody opens it.
final class Gate: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() { sem_init(semaphore, 0, 0) }
  deinit { semaphore.deallocate() }

  func open() { sem_post(semaphore) }
  func pass() { sem_wait(semaphore) }
}
