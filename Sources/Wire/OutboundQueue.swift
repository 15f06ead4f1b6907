/// Text messages that wait to be written to one socket, first in, first out, with limits.
package struct OutboundQueue: Sendable {
  /// A message in three pieces, so that a payload shared by many sockets is kept once.
  package struct Message: Sendable {
    package let prefix: [UInt8]
    package let payload: [UInt8]
    package let suffix: [UInt8]

    package init(prefix: [UInt8] = [], payload: [UInt8], suffix: [UInt8] = []) {
      self.prefix = prefix
      self.payload = payload
      self.suffix = suffix
    }

    /// Bytes of the whole.
    package var count: Int { prefix.count + payload.count + suffix.count }
  }

  /// The most messages that may wait.
  private let messageLimit: Int
  /// The most bytes that may wait.
  private let byteLimit: Int
  private var messages: [Message] = []
  private var head = 0
  /// Bytes that wait.
  package private(set) var byteCount = 0

  package init(messageLimit: Int, byteLimit: Int) {
    self.messageLimit = messageLimit
    self.byteLimit = byteLimit
  }

  package var count: Int { messages.count - head }
  package var isEmpty: Bool { head == messages.count }

  /// - Returns: false when the queue is over a limit; the message was not taken. A message longer than the limit is taken
  ///   by an empty queue.
  package mutating func append(_ message: Message) -> Bool {
    guard isEmpty || (count < messageLimit && byteCount + message.count <= byteLimit) else { return false }
    messages.append(message)
    byteCount += message.count
    return true
  }

  /// Takes messages from the front until they have `bytes` bytes or more, or none is left.
  package mutating func take(atLeast bytes: Int) -> ArraySlice<Message> {
    var end = head
    var taken = 0
    while end < messages.count && taken < bytes {
      taken += messages[end].count
      end += 1
    }
    byteCount -= taken
    let slice = messages[head..<end]
    if end == messages.count {
      messages = []
      head = 0
    } else {
      head = end
      if head > messages.count / 2 {
        messages.removeSubrange(..<head)
        head = 0
      }
    }
    return slice
  }
}
