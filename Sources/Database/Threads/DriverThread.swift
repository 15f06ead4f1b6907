internal import Glibc

/// The one place where a driver starts a thread. Threads own connections that block; everything else is tasks.
enum DriverThread {
  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Runs `body` on a detached thread of its own, which gets no signals.
  static func start(_ body: @escaping @Sendable () -> Void) throws(DatabaseError) {
    var everySignal = sigset_t()
    var previous = sigset_t()
    sigfillset(&everySignal)
    pthread_sigmask(SIG_BLOCK, &everySignal, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    let argument = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
        return nil
      }, argument.toOpaque())
    guard code == 0 else {
      argument.release()
      throw DatabaseError(.overloaded, "no thread could be started: \(String(cString: strerror(code)))")
    }
    pthread_detach(thread)
  }

  /// Runs `body` on a thread of its own and waits for what it gives.
  static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<T, any Error>) in
      do { try start { continuation.resume(with: Result { try body() }) } } catch {
        continuation.resume(throwing: error)
      }
    }
  }
}
