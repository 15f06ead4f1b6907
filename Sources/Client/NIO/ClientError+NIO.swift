internal import Glibc
internal import NIOCore
internal import NIOPosix

extension ClientError {
  /// What NIO says of a connection that could not be made, in our words.
  init(connecting endpoint: Endpoint, _ error: any Error) {
    switch error {
    case let error as ClientError: self = error
    case is CancellationError: self.init(.cancelled, "Connecting to \(endpoint) was cancelled")
    case ChannelError.connectTimeout: self.init(.timedOut, "\(endpoint) could not be reached in time")
    case let error as NIOConnectionError: self.init(endpoint, error)
    case let error as IOError: self.init(endpoint, error)
    default: self.init(.unreachable, "\(endpoint) cannot be reached: \(error)")
    }
  }

  private init(_ endpoint: Endpoint, _ error: NIOConnectionError) {
    let attempts = error.connectionErrors.map(\.error)
    if let refused = attempts.lazy.compactMap({ $0 as? IOError }).first {
      self.init(endpoint, refused)
    } else if attempts.contains(where: { if case ChannelError.connectTimeout = $0 { true } else { false } }) {
      self.init(.timedOut, "\(endpoint) could not be reached in time")
    } else if error.dnsAError != nil || error.dnsAAAAError != nil {
      self.init(.unreachable, "The name '\(endpoint.host)' is unknown")
    } else {
      self.init(.unreachable, "\(endpoint) cannot be reached: \(error)")
    }
  }

  private init(_ endpoint: Endpoint, _ error: IOError) {
    switch error.errnoCode {
    case ECONNREFUSED: self.init(.refused, "Nobody listens at \(endpoint)")
    case ETIMEDOUT: self.init(.timedOut, "\(endpoint) could not be reached in time")
    case EMFILE, ENFILE: self.init(.limit, "This process may not open more files; raise its limit (ulimit -n)")
    case EADDRNOTAVAIL: self.init(.limit, "This machine has no port left to connect to \(endpoint) from")
    default: self.init(.unreachable, "\(endpoint) cannot be reached: \(error)")
    }
  }
}
