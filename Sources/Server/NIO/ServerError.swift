/// Why a server could not start.
package enum ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  case portTaken(Int)
  case cannotListen(host: String, port: Int, reason: String)

  package var description: String {
    switch self {
    case .portTaken(let port):
      "Port \(port) is taken by another process; choose another one, or 0 for any that is free."
    case .cannotListen(let host, let port, let reason): "The server cannot listen on \(host):\(port): \(reason)."
    }
  }
}
