import GraphQL
import JSON
import Server
import Testing
import Wire

/// "GraphQL over Server-Sent Events" (github.com/enisdenjo/graphql-sse, PROTOCOL.md) in distinct connections mode, over
/// real sockets.
@Suite(.timeLimit(.minutes(1))) struct EventStreamConformance {
  private static let stream = "text/event-stream"
  private static let modern = "application/graphql-response+json"

  private static func post(_ query: String, accept: String = stream, _ more: String = "", close: Bool = false) -> String
  {
    let body = #"{"query":"\#(query)"\#(more)}"#
    return "POST /graphql HTTP/1.1\r\nHost: a\r\nAccept: \(accept)\r\nContent-Type: application/json\r\n"
      + "\(close ? "Connection: close\r\n" : "")Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private static func get(_ query: String, accept: String = stream) -> String {
    "GET /graphql?query=\(query) HTTP/1.1\r\nHost: a\r\nAccept: \(accept)\r\n\r\n"
  }

  @Test("what has one result is a next with it, whatever it is, and a complete")
  func single() async throws {
    let cases: [(request: String, words: [String])] = [
      (Self.post("{ hello }"), [#"{"data":{"hello":"anonymous"}}"#]),
      (Self.get("%7Bhello%7D"), [#"{"data":{"hello":"anonymous"}}"#]),
      (Self.post("mutation { publish(text: \\\"x\\\") }"), [#"{"data":{"publish":"x"}}"#]),
      (Self.post("{ hello broken }"), [#""errors":["#, #""broken":null"#]),
      (Self.post("{ fatal }"), [#""data":null"#]),
      (Self.post("{"), [#"{"errors":["#, "Syntax Error"]),
      (Self.post("{ nothing }"), [#"{"errors":["#, "Cannot query field"]),
      (Self.post("query Q($id: ID!) { hello }"), [#"{"errors":["#, "$id"]),
      (Self.post("subscription { denied }"), [#"{"errors":["#, "Not permitted"]),
      (Self.post("subscription { faulty }"), [#"{"errors":["#, "Internal error"]),
      (Self.post("{ echo(text: \\\"a\\\\n\\\\r\\\\u2028b\\\") }"), [#"{"data":{"echo":"a\n\r"#]),
    ]
    try await LiveServer.run(host: EngineService.init) { live in
      let raw = try await RawConnection(port: live.server.port)
      var start = 0
      for (request, words) in cases {
        raw.send(request)
        let from = start
        await raw.received.wait { $0.last == .some(nil) || RawEvents(Array(RawConnection.join($0)[from...])).isWhole }
        let answer = RawEvents(Array(raw.bytes[from...]))
        start = raw.bytes.count
        #expect(answer.head.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(request)")
        #expect(answer.head.contains("\r\nContent-Type: text/event-stream; charset=utf-8"), "\(request)")
        #expect(answer.head.contains("\r\nCache-Control: no-store"), "\(request)")
        #expect(answer.events.map(\.name) == ["next", "complete"] && answer.events.last?.data == "", "\(request)")
        for word in words { #expect(answer.events.first?.data.contains(word) == true, "\(request)") }
      }
      raw.close()
    }
  }

  @Test("events come one by one until the stream ends, also one that fails")
  func subscription() async throws {
    try await LiveServer.run(host: EngineService.init) { live in
      for (index, fails) in [false, true].enumerated() {
        let raw = try await RawConnection(port: live.server.port)
        raw.send(Self.post("subscription { events }"))
        await live.service.log.wait { log in log.filter { $0 == "subscribed" }.count > index }
        for text in ["a", "broken", "b"] { live.service.publish(text) }
        #expect(await raw.events { $0.events.count == 3 }.events.map(\.name) == ["next", "next", "next"])
        if fails {
          live.service.subscribers.last?.fail(Array(#"[{"message":"gone"}]"#.utf8))
        } else {
          live.service.subscribers.last?.complete()
        }
        let answer = await raw.events { $0.isWhole }
        #expect(answer.isWhole)
        #expect(answer.events[0].data == #"{"data":{"events":"a"}}"#)
        #expect(answer.events[1].data.contains(#""errors":[{"message":"It broke""#))
        #expect(answer.events[2].data == #"{"data":{"events":"b"}}"#)
        #expect(fails == (answer.events[3].data == #"{"errors":[{"message":"gone"}]}"#))
        #expect(answer.events.last == RawEvents.Event(name: "complete", data: ""))
        #expect(answer.events.count == (fails ? 5 : 4))
        raw.close()
        await live.service.log.wait { log in log.filter { $0 == "closed" }.count > index }
      }
    }
  }

  @Test("Accept decides between one response and a stream")
  func negotiation() async throws {
    let cases: [(accept: String, query: String, subscription: String)] = [
      (Self.stream, Self.stream, Self.stream), ("text/*", Self.stream, Self.stream),
      ("TEXT/Event-Stream; charset=utf-8", Self.stream, Self.stream),
      ("\(Self.stream), application/json", "application/json", Self.stream),
      ("\(Self.stream), \(Self.modern)", Self.modern, Self.stream),
      ("\(Self.modern);q=0.5, \(Self.stream)", Self.stream, Self.stream),
      ("application/json, \(Self.stream);q=0.1", "application/json", Self.stream),
      ("\(Self.stream);q=0, \(Self.modern)", Self.modern, Self.modern),
      ("*/*", "application/json", "application/json"), ("application/json", "application/json", "application/json"),
    ]
    try await LiveServer.run(host: EngineService.init) { live in
      for one in cases {
        for (query, type) in [("{ hello }", one.query), ("subscription { denied }", one.subscription)] {
          let raw = try await RawConnection(port: live.server.port)
          raw.send(Self.post(query, accept: one.accept, close: true))
          let text = String(decoding: await raw.rest(), as: UTF8.self)
          #expect(text.contains("\r\nContent-Type: \(type); charset=utf-8"), "\(one.accept): \(query)")
        }
      }
    }
  }

  @Test("what is wrong before there is an operation has its status, in JSON")
  func refusals() async throws {
    let head = "POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept: \(Self.stream)\r\n"
    let json = "Content-Type: application/json\r\n"
    let cases = [
      (head + json + "Content-Length: 1\r\n\r\n{", 400), (head + json + "Content-Length: 2\r\n\r\n[]", 400),
      (head + json + "Authorization: Bearer bad\r\nContent-Length: 21\r\n\r\n{\"query\":\"{ hello }\"}", 401),
      (Self.get("mutation%7B__typename%7D").replacing("Host: a", with: "Host: a\r\nConnection: close"), 405),
      // Before HTTP/1.1 there are no chunks to send a stream in.
      (Self.get("%7Bhello%7D").replacing("HTTP/1.1", with: "HTTP/1.0"), 406),
      (head + "Content-Length: 2\r\n\r\n{}", 415),
    ]
    try await LiveServer.run(host: EngineService.init) { live in
      for (request, status) in cases {
        let response = try await RawConnection.exchange(Array(request.utf8), port: live.server.port)
        #expect(response.status == status, "\(request)")
        #expect(response.headers["Content-Type"] == "application/json; charset=utf-8", "\(request)")
        #expect(try JSON.parse(response.body)["errors"]?[0]?["message"]?.string?.isEmpty == false, "\(request)")
      }
    }
  }

  @Test("a stream on which nothing happens is kept alive by comments, which are no events")
  func keepAlive() async throws {
    try await LiveServer.run(host: EngineService.init) { configuration, _ in
      configuration.silenceLimit = .milliseconds(40)
    } _: { live in
      let raw = try await RawConnection(port: live.server.port)
      raw.send(Self.post("subscription { events }"))
      // One comes at once, for browsers that wait for the body's beginning.
      let answer = await raw.events { $0.comments >= 4 }
      #expect(answer.comments >= 4 && answer.events.isEmpty && !answer.isWhole)
      #expect(live.service.log.elements.contains("alive"))
      live.service.publish("x")
      #expect(await raw.events { !$0.events.isEmpty }.events.first?.data == #"{"data":{"events":"x"}}"#)
      raw.close()
    }
  }

  @Test("a reader that is too slow is cut after what was queued, without complete, so that it comes again")
  func slowReader() async throws {
    try await LiveServer.run({ configuration, limits in
      configuration.outboundMessages = 8
      limits.closeHandshake = .seconds(5)
    }) { live in
      let raw = try await RawConnection(port: live.server.port)
      raw.send(Self.post("subscription { events }"))
      await live.service.log.wait { $0.contains("subscribed") }
      try await raw.stopReading()
      let text = String(repeating: "x", count: 1 << 20)
      while live.service.subscriberCount > 0, !Task.isCancelled {
        live.service.publish(text)
        await Task.yield()
      }
      try await raw.resumeReading()
      let answer = RawEvents(await raw.rest())
      #expect(answer.events.count >= 8 && answer.events.allSatisfy { $0.name == "next" })
      #expect(!answer.isWhole)
      await live.service.log.wait { $0.contains("closed") }
    }
  }

  @Test("a server that stops finishes a query's stream, and cuts a subscription's without complete")
  func stop() async throws {
    try await LiveServer.run(host: EngineService.init) { live in
      let subscription = try await RawConnection(port: live.server.port)
      subscription.send(Self.post("subscription { events }"))
      let query = try await RawConnection(port: live.server.port)
      query.send(Self.post("{ slow }"))
      await live.service.log.wait { $0.contains("subscribed") && $0.contains("execute slow") }
      async let stopped: Void = live.server.stop()
      await live.core.begunToDrain()
      live.service.publish("last")
      #expect(await subscription.events { !$0.events.isEmpty }.events.map(\.data) == [#"{"data":{"events":"last"}}"#])
      live.service.open("slow")
      let whole = RawEvents(await query.rest())
      #expect(whole.isWhole && whole.events.map(\.data) == [#"{"data":{"slow":"at last"}}"#, ""])
      let cut = RawEvents(await subscription.rest())
      #expect(!cut.isWhole && cut.events.count == 1)
      await stopped
    }
  }

  @Test("a client that leaves ends what it subscribed to, also before it has begun, and its query, but no mutation")
  func leave() async throws {
    try await LiveServer.run(host: EngineService.init) { live in
      for (index, query) in ["subscription { events }", "subscription { gated }", "{ slow }", "mutation { slow }"]
        .enumerated()
      {
        let raw = try await RawConnection(port: live.server.port)
        raw.send(Self.post(query))
        await live.service.log.wait { log in
          log.contains(["subscribed", "subscribe gated", "execute slow", "execute slow"][index])
            && log.filter { $0 == "execute slow" }.count == max(0, index - 1)
        }
        _ = await raw.events { $0.comments > 0 }
        raw.close()
        // The server knows of the end when nothing is open any more.
        while try await JSON.parse(live.core.respond(to: HTTPRequest(method: "GET", target: "/health")).body)["sockets"]
          != 0,
          !Task.isCancelled
        {}
      }
      live.service.open("gated")
      live.service.open("slow")
      let log = await live.service.log.wait { log in
        log.filter { $0 == "cancelled" }.count == 2 && log.filter { $0.hasPrefix("executed") }.count == 2
      }
      #expect(log.filter { $0 == "executed slow cancelled" }.count == 1)
      #expect(log.filter { $0 == "executed slow" }.count == 1)
    }
  }
}
