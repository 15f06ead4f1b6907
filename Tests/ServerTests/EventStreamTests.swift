import JSON
import Server
import Testing
import Wire

@Suite(.timeLimit(.minutes(1))) struct EventStreamTests {
  private func request(_ query: String, accept: String = "text/event-stream") -> String {
    let body = #"{"query":"\#(query)"}"#
    return "POST /graphql HTTP/1.1\r\nHost: a\r\nAccept: \(accept)\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test("a query, and one that fails, are a next and a complete, and the connection goes on")
  func single() async throws {
    try await LiveServer.run { live in
      let raw = try await RawConnection(port: live.server.port)
      raw.send(request("{ hello }"))
      let text = await raw.text(containing: "event: complete\ndata: \n\n")
      #expect(text.hasPrefix("HTTP/1.1 200 ") && text.contains("text/event-stream; charset=utf-8"))
      #expect(text.contains(#"event: next\#ndata: {"data":{"hello":"anonymous"}}\#n\#n"#))
      raw.send("GET /graphql?query=nonsense HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
      #expect(await raw.text(containing: "GRAPHQL_PARSE_FAILED").contains(#"data: {"errors":"#))
      raw.send("GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      #expect(String(decoding: await raw.rest(), as: UTF8.self).contains("ready"))
    }
  }

  @Test("a subscription streams its events and ends with the connection")
  func subscription() async throws {
    try await LiveServer.run { live in
      let raw = try await RawConnection(port: live.server.port)
      raw.send(request("subscription { eager }", accept: "application/json, text/event-stream"))
      _ = await raw.text(containing: "early")
      while live.service.subscriberCount == 0, !Task.isCancelled { await Task.yield() }
      live.service.publish("late")
      _ = await raw.text(containing: #"data: {"data":{"events":"late"}}"#)
      raw.close()
      await live.service.log.wait { $0.contains("closed") }
      #expect(live.service.subscriberCount == 0)
    }
  }

  @Test("a revoked stream ends without complete; a mutation by GET and a bad token get their status")
  func refusals() async throws {
    try await LiveServer.run { live in
      let raw = try await RawConnection(port: live.server.port)
      raw.send(request("subscription { eager }"))
      _ = await raw.text(containing: "early")
      live.service.revokeAll()
      let text = String(decoding: await raw.rest(), as: UTF8.self)
      #expect(!text.contains("event: complete") && !text.hasSuffix("0\r\n\r\n"))
      let get = try await RawConnection(port: live.server.port)
      get.send("GET /graphql?query=mutation+publish HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n")
      #expect(await get.text(containing: "METHOD_NOT_ALLOWED").hasPrefix("HTTP/1.1 405 "))
      get.close()
    }
  }
}
