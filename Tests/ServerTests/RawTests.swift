import Client
import Server
import Testing
import Wire

/// What the server makes of bytes that our own client would not send.
@Suite(.timeLimit(.minutes(1))) struct RawTests {
  private func closeCode(_ bytes: [UInt8]) -> UInt16? {
    // The last frame: a close frame with a code.
    for start in bytes.indices.reversed() where bytes[start] == 0x88 && start + 3 < bytes.count {
      return UInt16(bytes[start + 2]) << 8 | UInt16(bytes[start + 3])
    }
    return nil
  }

  private func frame(_ opcode: Opcode, _ text: String, isFinal: Bool = true) -> [UInt8] {
    FrameHeader.frame(opcode, Array(text.utf8), mask: 0x0102_0304, isFinal: isFinal)
  }

  @Test("garbage is answered with 400 and the connection ends")
  func garbage() async throws {
    try await LiveServer.run { live in
      for garbage in [
        "\u{16}\u{3}\u{1}hello, this is TLS\r\n\r\n", "GET\r\n\r\n", "GET /health HTTP/1.1\r\n\r\n",
        "POST /graphql HTTP/1.1\r\nContent-Length: x\r\n\r\n",
      ] {
        let raw = try await RawConnection(port: live.server.port)
        raw.send(garbage)
        #expect(String(decoding: await raw.rest(), as: UTF8.self).hasPrefix("HTTP/1.1 400 "), "\(garbage)")
      }
      #expect(try await live.http.execute(query: "{ hello }").status == 200)
    }
  }

  @Test("pipelined requests are answered in their order, though the first takes longest")
  func pipelining() async throws {
    try await LiveServer.run { live in
      let raw = try await RawConnection(port: live.server.port)
      raw.send(
        "GET /graphql?query=slow HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer first\r\n\r\n"
          + "GET /graphql?query=hello HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer second\r\n\r\n"
          + "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      await live.service.log.wait { $0.contains("execute slow") }
      #expect(!live.service.log.elements.contains("execute hello"))
      live.service.open("slow")
      let text = String(decoding: await raw.rest(), as: UTF8.self)
      let places = ["first", "second", "ready"].map { text.firstRange(of: $0)?.lowerBound ?? text.endIndex }
      #expect(places == places.sorted() && places.last != text.endIndex)
    }
  }

  @Test("a chunked body is read, and one that is too long is refused before it has all come")
  func bodies() async throws {
    try await LiveServer.run({ configuration, _ in configuration.bodyLimit = 100 }) { live in
      let head = "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      let chunked = try await RawConnection(port: live.server.port)
      chunked.send(head + "Transfer-Encoding: chunked\r\n\r\nc\r\n{\"query\":\"{ \r\n")
      chunked.send("9\r\nhello }\"}\r\n0\r\n\r\n")
      #expect(await chunked.text(containing: "anonymous").hasPrefix("HTTP/1.1 200 "))
      chunked.close()
      let declared = try await RawConnection(port: live.server.port)
      declared.send(head + "Content-Length: 101\r\n\r\n{")
      #expect(String(decoding: await declared.rest(), as: UTF8.self).hasPrefix("HTTP/1.1 413 "))
      let streamed = try await RawConnection(port: live.server.port)
      streamed.send(head + "Transfer-Encoding: chunked\r\n\r\n80\r\n" + String(repeating: "x", count: 128))
      #expect(String(decoding: await streamed.rest(), as: UTF8.self).hasPrefix("HTTP/1.1 413 "))
      let patient = try await RawConnection(port: live.server.port)
      patient.send(head + "Expect: 100-continue\r\nContent-Length: 21\r\n\r\n")
      #expect(await patient.text(containing: "100 Continue").hasPrefix("HTTP/1.1 100 "))
      patient.send(#"{"query":"{ hello }"}"#)
      #expect(await patient.text(containing: "anonymous").contains("HTTP/1.1 200 "))
      patient.close()
    }
  }

  @Test("a connection that sends too slowly, or nothing, is ended")
  func slowloris() async throws {
    try await LiveServer.run({ _, limits in limits.idle = .milliseconds(60) }) { live in
      let idle = try await RawConnection(port: live.server.port)
      let head = try await RawConnection(port: live.server.port)
      head.send("GET /health HTTP/1.1\r\nHost:")
      #expect(await idle.rest().isEmpty)
      #expect(await head.rest().isEmpty)
    }
    try await LiveServer.run({ _, limits in limits.body = .milliseconds(60) }) { live in
      let body = try await RawConnection(port: live.server.port)
      body.send("POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{")
      #expect(String(decoding: await body.rest(), as: UTF8.self).hasPrefix("HTTP/1.1 408 "))
    }
  }

  @Test("a handshake that is not in order is refused with a response")
  func badHandshake() async throws {
    try await LiveServer.run { live in
      let raw = try await RawConnection(port: live.server.port)
      raw.send(
        "GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n\r\n"
      )
      let text = String(decoding: await raw.rest(), as: UTF8.self)
      #expect(text.hasPrefix("HTTP/1.1 426 ") && text.lowercased().contains("sec-websocket-version: 13"))
    }
  }

  @Test("frames sent with the handshake, in fragments, with a ping between them, are understood")
  func fragments() async throws {
    try await LiveServer.run { live in
      let raw = try await RawConnection(port: live.server.port)
      let handshake =
        "GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
      raw.send(
        Array(handshake.utf8) + frame(.text, #"{"type":"conn"#, isFinal: false) + frame(.ping, "beat")
          + frame(.continuation, #"ection_init"}"#))
      let text = await raw.text(containing: "connection_ack")
      #expect(text.contains("beat") && text.contains(#"{"type":"connection_ack"}"#))
      raw.send(FrameHeader.frame(.close, CloseCode.normal.payload(reason: "bye"), mask: 5))
      #expect(closeCode(await raw.rest()) == 1000)
      await live.service.log.wait { $0.contains("closed") }
    }
  }

  @Test("frames that RFC 6455 forbids close the socket with the right code")
  func violations() async throws {
    try await LiveServer.run({ configuration, _ in configuration.messageLimit = 1000 }) { live in
      let cases: [([UInt8], UInt16)] = [
        (FrameHeader.frame(.text, Array("{}".utf8)), 1002), (frame(.binary, "{}"), 1003),
        (FrameHeader.frame(.text, [0xff], mask: 1), 1007), (frame(.text, String(repeating: " ", count: 1001)), 1009),
        (frame(.text, "{}"), 4400), ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1002),
      ]
      for (bytes, code) in cases {
        let raw = try await RawConnection(port: live.server.port)
        await raw.upgrade()
        raw.send(bytes)
        let received = await raw.rest()
        #expect(closeCode(received) == code)
      }
    }
  }

  @Test("a peer that does not answer a close frame is cut")
  func closeTimeout() async throws {
    try await LiveServer.run({ _, limits in limits.closeHandshake = .milliseconds(50) }) { live in
      let raw = try await RawConnection(port: live.server.port)
      await raw.upgrade()
      raw.send(frame(.text, #"{"type":"connection_init"}"#))
      _ = await raw.text(containing: "connection_ack")
      live.service.revokeAll()
      #expect(closeCode(await raw.rest()) == 4403)
    }
  }
}
