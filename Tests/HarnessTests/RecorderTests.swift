import Collaboration
import Cryptography
import GraphQL
import Harness
import JSON
import Scenario
import Server
import Testing
import Wire
import World

/// What passes through a proxy, as a test tells it.
private struct Tape {
  private(set) var recorder: Recorder
  private var now: Int64 = 0
  private var number = 0

  init() throws {
    let schema = try Schema.build(Collaboration.sources)
    recorder = Recorder(book: OperationBook(schema: schema, file: "\(root)/Scenarios/recorded.yaml"))
  }

  var text: String { ScenarioWriter.scenario(of: recorder, place: "http://server/graphql") ?? "nothing" }

  mutating func tell(_ event: ProxyEvent, after seconds: Int64 = 0) {
    now += 1_000_000 + seconds * 1_000_000_000
    _ = recorder.observe(event, at: Instant(nanoseconds: now))
  }

  mutating func request(
    _ query: String, _ variables: JSON = [:], token: String? = nil, headers: HTTPHeaders = [:], extensions: JSON? = nil
  ) -> Int {
    number += 1
    var headers = headers
    if let token { headers.add("Authorization", "Bearer \(token)") }
    var body: JSONObject = ["query": .string(query), "variables": variables]
    body["extensions"] = extensions
    tell(
      .request(
        exchange: number,
        HTTPRequest(method: "POST", target: "/graphql", headers: headers, body: JSON.object(body).bytes)))
    return number
  }

  mutating func post(
    _ query: String, _ variables: JSON = [:], token: String? = "t-ada", headers: HTTPHeaders = [:],
    extensions: JSON? = nil, answer: JSON
  ) {
    let number = request(query, variables, token: token, headers: headers, extensions: extensions)
    let map: JSON = answer["errors"] == nil ? ["data": answer] : answer
    tell(.response(exchange: number, HTTPResponse(status: 200, body: map.bytes)))
  }

  mutating func open(_ token: String) -> Int {
    number += 1
    tell(.opened(socket: number, HTTPRequest(method: "GET", target: "/graphql")))
    say(number, .connectionInit(payload: ["token": .string(token)]))
    hear(number, .connectionAck(payload: nil))
    return number
  }

  mutating func say(_ socket: Int, _ message: TransportMessage) {
    tell(.message(socket: socket, fromClient: true, message.bytes))
  }

  mutating func hear(_ socket: Int, _ message: TransportMessage, after seconds: Int64 = 0) {
    tell(.message(socket: socket, fromClient: false, message.bytes), after: seconds)
  }

  mutating func subscribe(_ socket: Int, _ id: String, _ query: String, _ variables: JSONObject = [:]) {
    say(socket, .subscribe(id: id, payload: ["query": .string(query), "variables": .object(variables)]))
  }

  mutating func event(_ socket: Int, _ id: String, _ data: JSON, after seconds: Int64 = 0) {
    hear(socket, .next(id: id, payload: ["data": data]), after: seconds)
  }

  /// Ada logs in and starts a thread.
  mutating func begin() {
    let login = "mutation($t: String!) { createSession(input: {clientToken: $t}) { token viewer { id name } } }"
    let claims: JSON = ["org": "acme", "sub": "u-1", "name": "Ada"]
    post(
      login, ["t": .string(signHS256(claims: claims.bytes, secret: [1]))], token: nil,
      answer: ["createSession": ["token": "t-ada", "viewer": ["id": "user-ada-1", "name": "Ada"]]])
    post(
      Self.start, ["url": "https://acme.example/plan"],
      answer: [
        "createThread": [
          "thread": ["id": "thread-0001", "page": ["id": "page-0001", "url": "https://acme.example/plan"]]
        ]
      ])
  }

  static let start = "mutation($url: String!) { createThread(input: {url: $url}) { thread { id page { id url } } } }"
  static let send = """
    mutation($id: ID!, $text: String!, $key: String) {
      sendMessage(input: {threadId: $id, content: [{text: $text}], idempotencyKey: $key}) { message { id createdAt } }
    }
    """
  static let added = "subscription($id: ID!) { messageAdded(threadId: $id) { id createdAt text sequence } }"
}

@Suite("Recordings")
struct RecorderTests {
  /// The mistakes in a scenario's text.
  private func mistakes(_ text: String) throws -> String {
    let folder = try TemporaryFolder()
    let path = try folder.write(text + "actions: \(root)/Scenarios/actions\n", as: "recorded.yaml")
    return ScenarioLoader(schema: try Schema.build(Collaboration.sources)).load(paths: [path]).text()
  }

  private func expect(_ tape: Tape, _ parts: [String], without: [String] = []) throws {
    let text = tape.text
    for part in parts { #expect(text.contains(part), "no \(part) in:\n\(text)") }
    for part in without { #expect(!text.contains(part), "\(part) in:\n\(text)") }
    #expect(try mistakes(text) == "", "\(text)")
  }

  @Test("ids of the server become captures and those of people their names; logins go, and what clients made stays")
  func captures() throws {
    var tape = try Tape()
    tape.begin()
    for _ in 0..<2 {
      tape.post(
        Tape.send, ["id": "thread-0001", "text": "draft-0007"],
        answer: ["sendMessage": ["message": ["text": "draft-0007"]]])
    }
    let content: JSON = [["mention": "user-ada-1"], ["text": "at https://acme.example/thread/thread-0001-and-more"]]
    tape.post(
      "mutation($id: ID!, $c: [ContentNodeInput!]!) { sendMessage(input: {threadId: $id, content: $c}) { message { id } } }",
      ["id": "thread-0001", "c": content], answer: ["sendMessage": ["message": ["id": "message-0001"]]])
    tape.post(
      "query($id: ID!) { thread(id: $id) { createdBy { id name } } }", ["id": "thread-0001"],
      answer: ["thread": ["createdBy": ["id": "user-linus-1", "name": "Linus T."]]])
    tape.post(
      "mutation($u: [ID!]!) { addParticipants(input: {threadId: \"thread-0001\", userIds: $u}) { thread { id } } }",
      ["u": ["user-linus-1"]], answer: ["addParticipants": ["thread": nil]])
    tape.post("{ message(id: \"message-0001\") { id } }", answer: ["message": ["id": "message-0001"]])
    tape.post(
      "query($id: ID!) { annotation(id: $id) { id } }", ["id": "annotation-9"], answer: ["annotation": nil])
    try expect(
      tape,
      [
        "acme: [ada, linus-t]", "u: [\"${linus-t.id}\"]", "capture: { thread: createThread.thread.id }",
        "id: \"${thread}\"", "mention: \"${ada.id}\"",
        "query ($id: ID!) {", "with: { id: \"${message}\" }", "#   id annotation-9", "logins, because",
        "with: { url: \"https://acme.example/plan\" }", "text: draft-0007",
      ], without: ["createSession", "message-0001", "user-ada-1"])
  }

  @Test("an operation that equals an action is that action, whatever the client added for its cache")
  func actions() throws {
    var tape = try Tape()
    tape.begin()
    let socket = tape.open("t-ada")
    tape.say(
      socket,
      .subscribe(
        id: "1",
        payload: [
          "query": """
          mutation leavePage($url: String!) { leavePage(input: {url: $url})
            { __typename page { url id __typename } userErrors { code message field } } }
          """, "variables": ["url": "https://acme.example/plan"],
        ]))
    tape.event(socket, "1", ["leavePage": ["page": ["id": "page-0001"]]])
    try expect(tape, ["mutate: |"], without: ["leave:", "do:"])
    let document = "query viewer { viewer { __typename id name organization { __typename id name } session { id } } }"
    tape.post(document, answer: ["viewer": ["id": "user-ada-1"]])
    try expect(tape, ["do: viewer"])
  }

  @Test("no secret is written, wherever it stands")
  func secrets() throws {
    var tape = try Tape()
    tape.begin()
    let signed = signHS256(claims: JSON.object(["a": 1]).bytes, secret: [2])
    let words = (0..<15).map { "hush\($0)-secret" }
    let login = #"""
      mutation($input: In!, $p: String = "\#(words[10])", $secret: X = "\#(words[11])") {
        login(
          input: $input, apiKey: "\#(words[0])", tokens: ["\"", "\#(words[12])"]
          password: {of: """\#(words[13])""", p: $p}
        ) { ok }
      }
      """#
    tape.post(
      login,
      [
        "p": .string(words[14]),
        "input": ["password": .string(words[1]), "pin": 4711, "nested": ["clientSecret": ["x": .string(words[2])]]],
      ],
      headers: ["Cookie": "sid=\(words[3]); theme=dark", "X-Api-Key": words[4]],
      answer: ["login": ["ok": true, "refreshToken": .string(words[5])]])
    let texts = "\(words.joined(separator: " ")) https://x.example/?a=1&token=\(words[6])#t"
    tape.post(Tape.send, ["id": "thread-0001", "text": .string(texts)], answer: ["sendMessage": ["message": nil]])
    tape.post(Tape.send, ["id": "thread-0001", "text": .string(signed)], answer: ["sendMessage": ["message": nil]])
    tape.post(
      Tape.send, ["id": "thread-0001", "text": "t-ada-is-mine"],
      answer: ["errors": [["message": .string("Bad token \(words[5])")]]])
    // One that is short is masked where it is a whole text.
    tape.post(login, ["input": ["password": "pin"]], answer: ["login": ["ok": true]])
    tape.post(Tape.send, ["id": "thread-0001", "text": "pin"], answer: ["sendMessage": ["message": nil]])
    let socket = tape.open(words[7])
    tape.subscribe(socket, "1", Tape.added, ["id": "thread-0001"])
    tape.event(socket, "1", ["messageAdded": ["text": .string(texts)]])
    let text = tape.text
    let unknown = Set([8, 9])
    for (index, word) in words.enumerated() where !unknown.contains(index) { #expect(!text.contains(word), "\(text)") }
    #expect(!text.contains("text: pin") && text.contains("text: \"[redacted]\"") && !text.contains("4711"))
    #expect(!text.contains(signed) && !text.contains("eyJ") && text.contains("[redacted]"))
    // Nothing says that these are secret.
    #expect(text.contains(words[8]) && text.contains("Secret, and to be filled in"))
  }

  @Test("events become expectations of what will be the same again: ids, enumerations and what clients had said")
  func expectations() throws {
    var tape = try Tape()
    tape.begin()
    let ada = tape.open("t-ada")
    tape.subscribe(ada, "1", Tape.added, ["id": "thread-0001"])
    let number = tape.request(Tape.send, ["id": "thread-0001", "text": "Hello", "key": "5c0f"], token: "t-ada")
    let time: JSON = "2026-11-24T07:08:25.123Z"
    let message: JSON = ["id": "message-0001", "createdAt": time, "text": "Hello", "sequence": 1]
    // Before the answer to its cause.
    tape.event(ada, "1", ["messageAdded": message])
    let answer: JSON = ["data": ["sendMessage": ["message": ["id": "message-0001", "createdAt": time]]]]
    tape.tell(.response(exchange: number, HTTPResponse(status: 200, body: answer.bytes)))
    tape.post(
      Tape.send, ["id": "thread-0001", "text": "Hello", "key": "5c0f"],
      answer: ["sendMessage": ["message": ["id": "message-0001"]]])
    tape.event(ada, "1", ["messageAdded": ["id": "message-0002", "text": "Not of here"]], after: 9)
    tape.post("query($id: ID!) { message(id: $id) { id } }", ["id": "message-0002"], answer: ["message": nil])
    try expect(
      tape,
      [
        "idempotencyKey: $key", "with: { id: \"${thread}\", text: Hello, key: key-1 }",
        "where: { messageAdded.id: \"${message}\", messageAdded.text: Hello }\n    within: 5s",
        "expect: messageAdded\n    within: 19s\n    capture: { message-2: messageAdded.id }", "timeout: 44s",
        "with: { id: \"${message-2}\" }",
      ], without: ["sequence:", "createdAt:", "key-2", "5c0f"])
  }

  @Test("sockets: a second one is a second actor, a view that comes again is no second subscription, ends are told")
  func sockets() throws {
    var tape = try Tape()
    tape.begin()
    let (first, second) = (tape.open("t-ada"), tape.open("t-ada"))
    tape.subscribe(first, "1", Tape.added, ["id": "thread-0001"])
    tape.say(first, .complete(id: "1"))
    tape.subscribe(first, "2", Tape.added, ["id": "thread-0001"])
    tape.subscribe(first, "3", Tape.added, ["id": "thread-0001"])
    tape.subscribe(second, "1", Tape.added, ["id": "nowhere-1"])
    tape.hear(second, .error(id: "1", errors: [["message": "No", "extensions": ["code": "NOT_FOUND"]]]))
    tape.event(first, "2", ["messageAdded": ["text": "unread"]])
    tape.hear(first, .error(id: "2", errors: [["message": "No", "extensions": ["code": "ACCESS_LOST"]]]))
    tape.tell(.closed(socket: first, byClient: false, .forbidden))
    tape.tell(.closed(socket: second, byClient: true, nil))
    try expect(
      tape,
      [
        "ada-2: { user: ada, organization: acme }", "connect: [ada, ada-2]", "inbox: messageAdded-2",
        "fails: NOT_FOUND", "where: { inbox: messageAdded, code: ACCESS_LOST }", "where: { code: 4403 }",
        "disconnect: { actor: ada-2, how: drop }",
      ], without: ["messageAdded-3"])
  }

  @Test("what cannot be played is left out and counted, and nothing at all is no scenario")
  func leftOut() throws {
    var tape = try Tape()
    tape.post("{ __schema { types { name } } }", answer: ["__schema": [:]])
    #expect(tape.text == "nothing")
    tape.begin()
    _ = tape.request(Tape.send, ["id": "thread-0001"], token: "t-ada")
    tape.post("{ viewer { id } }", token: nil, answer: ["errors": [["message": "No"]]])
    tape.post("{ viewer { id } }", token: "of-nobody", answer: ["errors": [["message": "No"]]])
    tape.post("{ nonsense }", answer: ["errors": [["message": "No"]]])
    let digest: JSON = ["persistedQuery": ["version": 1, "sha256Hash": "abc"]]
    tape.post("", extensions: digest, answer: ["errors": [["message": "PersistedQueryNotFound"]]])
    tape.post("query viewer { viewer { id } }", extensions: digest, answer: ["viewer": ["id": "user-ada-1"]])
    tape.post("", extensions: digest, answer: ["viewer": ["id": "user-ada-1"]])
    try expect(
      tape,
      [
        "without an answer (1)", "without a session (2)", "does not know, and that were refused (1)",
        "only the digest was sent (1)",
      ],
      without: ["__schema", "nonsense"])
    #expect(tape.text.split(separator: "query viewer").count == 3)
  }
}
