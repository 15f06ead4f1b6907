import Server
import Testing
import Wire

/// RFC 6455 against the real server, on one server for all cases.
@Suite(.timeLimit(.minutes(1))) struct WebSocketConformance {
  private typealias Case = (name: String, bytes: [UInt8], code: UInt16?)

  private static func frame(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [first, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload
  }

  private static func close(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
    frame(0x88, [UInt8(code >> 8), UInt8(code & 0xff)] + reason)
  }

  private static let ping = Array(#"{"type":"ping"}"#.utf8)

  private static var cases: [Case] {
    var cases: [Case] = []
    for code: UInt16 in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1014, 3000, 3999, 4000, 4999] {
      cases.append(("close \(code) is echoed", close(code), code))
    }
    for code: UInt16 in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535] {
      cases.append(("close \(code) may not be sent", close(code), 1002))
    }
    for opcode: UInt8 in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
      cases.append(("opcode \(opcode) is unknown", frame(0x80 | opcode, []), 1002))
    }
    for bits: UInt8 in [0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70] {
      cases.append(("reserved bits \(bits)", frame(0x81 | bits, ping), 1002))
    }
    for opcode: UInt8 in [8, 9, 10] {
      cases.append(("a fragmented control frame \(opcode)", frame(opcode, []), 1002))
      cases.append(("a long control frame \(opcode)", [0x80 | opcode, 0xfe, 0, 126, 0, 0, 0, 0], 1002))
    }
    let texts: [[UInt8]] = [
      [0xff], [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x80, 0x80, 0x80],
      [0xf4, 0x90, 0x80, 0x80], [0xf5], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98],
    ]
    for text in texts {
      cases.append(("text \(text) is not UTF-8", frame(0x81, text), 1007))
      cases.append(("reason \(text) is not UTF-8", close(1000, text), 1007))
    }
    cases.append(("text is refused before its last fragment", frame(0x01, [0xf4, 0x90]), 1007))
    cases.append(("a character may be cut by fragments", frame(0x01, [0xc3]) + frame(0x80, [0xa9]), 4400))
    cases.append(("a continuation of nothing", frame(0x80, ping), 1002))
    cases.append(("a fragment that continues nothing", frame(0x00, ping), 1002))
    cases.append(("a message within a message", frame(0x01, [0x7b]) + frame(0x81, ping), 1002))
    cases.append(("binary is not taken", frame(0x82, ping), 1003))
    cases.append(("no mask", [0x81, 0x01, 0x7b], 1002))
    cases.append(("a close without a code", frame(0x88, []), nil))
    cases.append(("half a code", frame(0x88, [3]), 1002))
    cases.append(("a length in too many bytes", [0x81, 0xfe, 0, 5, 0, 0, 0, 0], 1002))
    cases.append(("a length over the limit", [0x81, 0xfe, 0x03, 0xe9, 0, 0, 0, 0], 1009))
    cases.append(("a huge length", [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], 1009))
    cases.append(("a pong nobody asked for", frame(0x8a, [1]) + close(1000), 1000))
    cases.append(("nothing is read after close", close(1000) + frame(0x83, []), 1000))
    cases.append(("an empty message is no message of ours", frame(0x81, []), 4400))
    return cases
  }

  @Test("what a peer sends ends with the code that RFC 6455 gives it, whole or byte by byte")
  func closeCodes() async throws {
    let cases = Self.cases
    #expect(cases.count >= 60)
    try await LiveServer.run({ configuration, _ in configuration.messageLimit = 1000 }) { live in
      for (index, one) in cases.enumerated() {
        let socket = try await RawSocket(live)
        if index % 4 == 0 {
          for byte in one.bytes { socket.raw.send([byte]) }
        } else {
          socket.raw.send(one.bytes)
        }
        let frames = await socket.frames()
        #expect(RawSocket.code(frames) == one.code, "\(one.name)")
        #expect(frames.filter { $0.opcode == 8 }.count == 1, "\(one.name)")
      }
    }
  }

  @Test("pings are answered in order with their payload, also between fragments")
  func pings() async throws {
    try await LiveServer.run { live in
      let socket = try await RawSocket(live)
      socket.send(.ping, [])
      socket.send(.text, Array(#"{"type":"pi"#.utf8), isFinal: false)
      socket.send(.ping, [UInt8](repeating: 7, count: 125))
      socket.send(.continuation, Array(#"ng"}"#.utf8))
      _ = await socket.raw.text(containing: #"{"type":"pong"}"#)
      socket.send(.close, CloseCode.normal.payload(reason: "bye"))
      let frames = await socket.frames()
      #expect(frames.map(\.opcode) == [10, 10, 1, 8])
      #expect(frames[1].payload.count == 125)
      #expect(frames.last?.payload.dropFirst(2).elementsEqual("bye".utf8) == true)
    }
  }
}
