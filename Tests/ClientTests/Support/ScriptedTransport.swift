import Client
import JSON
import Synchronization
import Wire

/// A transport whose server is the test.
final class ScriptedTransport: ClientTransport {
  enum Entry: Hashable, Sendable {
    case open(HTTPRequest)
    case message(TransportMessage)
    case close(UInt16, String)
    case abort
    case silence

    static func == (left: Entry, right: Entry) -> Bool { "\(left)" == "\(right)" }
    func hash(into hasher: inout Hasher) { hasher.combine("\(self)") }
  }

  private struct Socket: ClientSocket {
    let log: Recorder<Entry>
    func send(text: [UInt8]) {
      guard let message = try? TransportMessage.decode(text) else { return }
      log.record(.message(message))
    }
    func close(code: UInt16, reason: String) { log.record(.close(code, reason)) }
    func abort() { log.record(.abort) }
    func silence() { log.record(.silence) }
  }

  /// Everything that the client did.
  let log = Recorder<Entry>()
  private let events = Mutex<(@Sendable (SocketEvent) -> Void)?>(nil)
  private let response: HTTPResponse

  init(response: HTTPResponse = HTTPResponse(status: 200)) { self.response = response }

  func send(_ request: HTTPRequest, to endpoint: Endpoint) async throws(ClientError) -> HTTPResponse {
    log.record(.open(request))
    return response
  }

  func openSocket(
    _ upgrade: HTTPRequest, to endpoint: Endpoint, events: @escaping @Sendable (SocketEvent) -> Void
  ) async throws(ClientError) -> any ClientSocket {
    self.events.withLock { $0 = events }
    log.record(.open(upgrade))
    return Socket(log: log)
  }

  func say(_ message: TransportMessage) { say(.text(message.bytes)) }

  func say(_ event: SocketEvent) { events.withLock { $0 }?(event) }
}
