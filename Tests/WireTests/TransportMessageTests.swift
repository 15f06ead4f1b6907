import JSON
import Testing
import Wire

@Suite struct TransportMessageTests {
  @Test(
    "every message reads back as it was written",
    arguments: [
      .connectionInit(payload: ["token": "t"]), .connectionInit(payload: nil), .connectionAck(payload: nil),
      .ping(payload: ["fence": "f"]), .pong(payload: nil), .subscribe(id: "1", payload: ["query": "{ a }"]),
      .next(id: "\"", payload: ["data": ["a": 1]]), .error(id: "1", errors: [["message": "no"]]), .complete(id: "é"),
    ] as [TransportMessage])
  func roundTrip(message: TransportMessage) throws {
    #expect(try TransportMessage.decode(message.bytes) == message)
  }

  @Test(
    "what is not a message is refused, and the reason says why",
    arguments: [
      ("", "Invalid JSON"), ("[]", "an array"), ("{}", "'type'"), (#"{"type":1}"#, "'type'"),
      (#"{"type":"start"}"#, "'start'"), (#"{"type":"subscribe","payload":{}}"#, "'id'"),
      (#"{"type":"subscribe","id":"","payload":{}}"#, "'id'"), (#"{"type":"subscribe","id":"1"}"#, "'payload'"),
      (#"{"type":"subscribe","id":1,"payload":{}}"#, "'id'"), (#"{"type":"ping","payload":[]}"#, "an array"),
      (#"{"type":"complete"}"#, "'id'"),
    ])
  func refused(text: String, hint: String) {
    let error = #expect(throws: TransportMessageError.self) { try TransportMessage.decode(Array(text.utf8)) }
    #expect(error?.message.contains(hint) == true, "\(error?.message ?? "")")
  }
}
