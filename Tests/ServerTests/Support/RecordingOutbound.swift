import JSON
import Synchronization
import Wire

/// A socket's outbound queue that keeps everything, up to a limit.
final class RecordingOutbound: SocketOutbound {
  enum Entry: Hashable, Sendable {
    case message(TransportMessage)
    case close(UInt16, String)
  }

  let log = Recorder<Entry>()
  private let limit: Int

  init(limit: Int = .max) { self.limit = limit }

  func send(prefix: [UInt8], payload: [UInt8], suffix: [UInt8]) -> Bool {
    guard log.elements.count < limit else { return false }
    let text = prefix + payload + suffix
    guard let message = try? TransportMessage.decode(text) else {
      log.record(.close(0, "not a message: \(String(decoding: text, as: UTF8.self))"))
      return true
    }
    log.record(.message(message))
    return true
  }

  func close(_ code: CloseCode, reason: String) { log.record(.close(code.rawValue, reason)) }

  /// The messages so far.
  var messages: [TransportMessage] {
    log.elements.compactMap { if case .message(let message) = $0 { message } else { nil } }
  }
}
