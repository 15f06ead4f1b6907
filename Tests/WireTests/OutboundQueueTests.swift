import Testing
import Wire

@Suite struct OutboundQueueTests {
  private func message(_ count: Int) -> OutboundQueue.Message {
    OutboundQueue.Message(prefix: [0], payload: [UInt8](repeating: 1, count: count - 2), suffix: [2])
  }

  private func append(_ queue: inout OutboundQueue, _ message: OutboundQueue.Message) -> Bool { queue.append(message) }

  private func take(_ queue: inout OutboundQueue, atLeast bytes: Int) -> ArraySlice<OutboundQueue.Message> {
    queue.take(atLeast: bytes)
  }

  @Test("a queue takes as many messages and bytes as it may, and more when some were taken")
  func limits() {
    var queue = OutboundQueue(messageLimit: 3, byteLimit: 100)
    #expect(append(&queue, message(40)))
    #expect(append(&queue, message(40)))
    #expect(!append(&queue, message(40)))
    #expect(append(&queue, message(10)))
    #expect(!append(&queue, message(10)))
    #expect(queue.byteCount == 90 && queue.count == 3)
    #expect(take(&queue, atLeast: 41).count == 2)
    #expect(queue.byteCount == 10)
    #expect(append(&queue, message(90)))
    #expect(take(&queue, atLeast: .max).map(\.count) == [10, 90])
    #expect(queue.isEmpty && queue.byteCount == 0)
  }

  @Test("a message longer than the limit passes through an empty queue")
  func longMessage() {
    var queue = OutboundQueue(messageLimit: 3, byteLimit: 10)
    #expect(append(&queue, message(50)))
    #expect(!append(&queue, message(2)))
  }

  @Test("messages come out in the order in which they went in")
  func order() {
    var queue = OutboundQueue(messageLimit: 1000, byteLimit: 1000)
    var out: [UInt8] = []
    for value in UInt8(0)..<200 {
      #expect(append(&queue, OutboundQueue.Message(payload: [value])))
      if value % 3 == 0 { out += take(&queue, atLeast: 2).flatMap(\.payload) }
    }
    out += take(&queue, atLeast: .max).flatMap(\.payload)
    #expect(out == Array(0..<200))
  }
}
