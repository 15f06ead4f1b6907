import Glibc
import GraphQL
import JSON
import Server
import Testing
import Wire
import World

/// What must hold for whatever comes over the network. A second for each by default; `FUZZ_SECONDS` makes it longer.
@Suite struct FuzzTests {
  private static let seconds = getenv("FUZZ_SECONDS").flatMap { Int(String(cString: $0)) }
  /// Inputs for each target where no time is set.
  private static let count = 200

  /// Runs `check` on inputs that follow from one seed after another, until the time is over.
  private func fuzz(_ name: String, _ check: (inout RandomStream, UInt64) async throws -> Void) async rethrows {
    let clock = ContinuousClock()
    let end = Self.seconds.map { clock.now + .seconds($0) }
    var seed: UInt64 = 0
    while end.map({ clock.now < $0 }) ?? (seed < Self.count) {
      var random = RandomStream(seed: seed, name: name)
      try await check(&random, seed)
      seed += 1
    }
    if end != nil { print("\(name): \(seed) inputs") }
  }

  private static func pick<T>(_ values: [T], _ random: inout RandomStream) -> T {
    values[random.int(in: 0..<values.count)]
  }

  /// Some bytes dropped, doubled, flipped, or put in from `tokens`.
  private static func mutated(_ bytes: [UInt8], _ tokens: [String], _ random: inout RandomStream) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<random.int(in: 0..<5) where !bytes.isEmpty {
      let place = random.int(in: 0..<bytes.count)
      switch random.int(in: 0..<5) {
      case 0: bytes.removeSubrange(place..<min(bytes.count, place + random.int(in: 1..<9)))
      case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next())
      case 2: bytes[place] ^= 1 << UInt8(random.int(in: 0..<8))
      case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + random.int(in: 1..<30))], at: place)
      default: bytes.insert(contentsOf: Array(pick(tokens, &random).utf8), at: place)
      }
    }
    return bytes
  }

  private static let tokens = [
    "{", "}", "[", "]", "\"", "\\u0000", "\\ud800", ",", ":", "null", "-0", "1e999", "%", "%zz", "%F0%9F", "+", "&",
    "=",
    ";", "q=", "q=0", "*/*", "charset=", "query", "variables", "persistedQuery", "ü", "😀", "\u{0}", " ", "\t",
  ]

  @Test("a request is answered with a status that fits, in JSON, whatever its target, fields and body")
  func requests() async throws {
    let fixture = FixtureService()
    fixture.open("slow")
    let core = ServerCore(service: try EngineService(fixture), world: .live(seed: 1))
    let digest = String(repeating: "0a", count: 32)
    let bodies = [
      #"{"query":"{ hello }","variables":{"a":[1,2.5,null]},"operationName":null,"extensions":{}}"#,
      #"{"query":"query A($t: String!) { echo(text: $t) }","variables":{"t":"ü😀"},"operationName":"A"}"#,
      #"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"\#(digest)"}}}"#, #"[{"query":"{ hello }"}]"#,
    ]
    let targets = [
      "/graphql", "/graphql?query=%7Bhello%7D&variables=%7B%22a%22%3A1%7D&operationName=&extensions=null",
      "/graphql?extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%7D%7D", "/graphql?query=mutation%7Bslow%7D",
    ]
    let accepts = [
      "application/graphql-response+json, application/json;q=0.9", "*/*;q=0.1",
      "text/event-stream, application/*;q=1.0",
      "application/json; charset=utf-8",
    ]
    await fuzz("requests") { random, seed in
      func text(_ values: [String]) -> String {
        String(decoding: Self.mutated(Array(Self.pick(values, &random).utf8), Self.tokens, &random), as: UTF8.self)
      }
      var request = HTTPRequest(method: Self.pick(["GET", "POST", "POST"], &random), target: text(targets))
      request.headers.add("Content-Type", text(["application/json", "application/json; charset=\"utf-8\"; a=b"]))
      request.headers.add("Accept", text(accepts))
      if random.int(in: 0..<8) == 0 { request.headers.add("Authorization", text(["Bearer abc"])) }
      request.body = Self.mutated(Array(Self.pick(bodies, &random).utf8), Self.tokens, &random)
      let response = await core.respond(to: request)
      #expect([200, 400, 401, 404, 405, 406, 413, 414, 415].contains(response.status), "seed \(seed)")
      let map = try? JSON.parse(response.body)
      #expect(map?["data"] != nil || map?["errors"]?[0]?["message"]?.string != nil, "seed \(seed): \(request)")
      #expect(response.status == 200 || map?["data"] == nil, "seed \(seed): \(request)")
    }
  }

  @Test("frames mean the same whole and in pieces, whatever they are")
  func frames() async {
    await fuzz("frames") { random, seed in
      var bytes: [UInt8] = []
      for _ in 0..<random.int(in: 1..<6) {
        let opcode = Self.pick([Opcode.text, .text, .continuation, .binary, .ping, .pong, .close], &random)
        var payload = (0..<Self.pick([0, 1, 5, 125, 126, 300, 70_000], &random)).map { UInt8(32 + $0 % 90) }
        if opcode == .text { payload = Self.mutated(payload, Self.tokens, &random) }
        if opcode == .close {
          payload = CloseCode(rawValue: UInt16(truncatingIfNeeded: random.next())).payload(reason: "é")
        }
        bytes += FrameHeader.frame(
          opcode, payload, mask: UInt32(truncatingIfNeeded: random.next()), isFinal: random.int(in: 0..<3) > 0)
      }
      if random.int(in: 0..<2) == 0 { bytes = Self.mutated(bytes, ["\u{0}"], &random) }
      func actions(_ size: (inout RandomStream) -> Int) -> [WebSocketConnection.Action] {
        var connection = WebSocketConnection(role: .server, messageLimit: 100_000)
        var actions: [WebSocketConnection.Action] = []
        var rest = bytes[...]
        while !rest.isEmpty {
          let piece = Array(rest.prefix(size(&random)))
          rest = rest.dropFirst(piece.count)
          piece.withUnsafeBytes { connection.received($0) { actions.append($0) } }
        }
        return actions
      }
      let whole = actions { _ in bytes.count }
      #expect(whole == actions { $0.int(in: 1..<2000) }, "seed \(seed)")
      if bytes.count < 2000 { #expect(whole == actions { _ in 1 }, "seed \(seed)") }
    }
  }

  @Test("a message of graphql-transport-ws that is read is written and read alike")
  func messages() async {
    let texts = [
      #"{"id":"1","type":"subscribe","payload":{"query":"{ hello }","variables":{"a":[1e3,-0.5,"ü\n"]}}}"#,
      #"{"type":"connection_init","payload":{"token":"x"}}"#, #"{"type":"ping","payload":null}"#, #"{"type":"pong"}"#,
      #"{"id":"ü","type":"complete"}"#, #"{"id":"1","type":"next","payload":{"data":null}}"#,
      #"{"id":"1","type":"error","payload":[{"message":"m"}]}"#,
    ]
    await fuzz("messages") { random, seed in
      let text = Self.mutated(Array(Self.pick(texts, &random).utf8), Self.tokens, &random)
      guard let message = try? TransportMessage.decode(text) else { return }
      let again = try? TransportMessage.decode(message.bytes)
      #expect(again?.bytes == message.bytes, "seed \(seed)")
    }
  }

  @Test("a schema coordinate that is read is written and read alike")
  func coordinates() async {
    await fuzz("coordinates") { random, seed in
      let text = Self.pick(
        ["Type", "Type.field", "Type.field(argument:)", "@directive", "@directive(argument:)"], &random)
      let bytes = Self.mutated(Array(text.utf8), [".", "(", ":", ")", "@", "_", "ü", " ", "#"], &random)
      guard let coordinate = try? SchemaCoordinate(parsing: String(decoding: bytes, as: UTF8.self)) else { return }
      #expect((try? SchemaCoordinate(parsing: coordinate.description)) == coordinate, "seed \(seed)")
    }
  }
}
