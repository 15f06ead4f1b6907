import JSON
import Server
import Testing
import Wire

/// "GraphQL over HTTP" against the real server, on one server for all cases. Cases that the specification's list of
/// server audits (github.com/graphql/graphql-http, src/audits/server.ts) has, bear its number.
@Suite(.timeLimit(.minutes(1))) struct HTTPConformance {
  private static let modern = "application/graphql-response+json"
  private static let legacy = "application/json"

  /// A request, and what must be true of its response.
  struct Case {
    let name: String
    var method = "POST"
    var target = "/graphql"
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    var status: ClosedRange<Int> = 200...200
    /// The response's media type.
    var type: String?
    /// Whether the response has `data`, null or not.
    var hasData: Bool?
    /// Whether the response has `errors`; each must have a message then.
    var hasErrors: Bool?
    /// What is to be found in the body.
    var hint = ""
    /// A header field that the response must have, and its value.
    var field: (String, String)?
  }

  private static func post(
    _ name: String, _ body: String, accept: String? = nil, type: String? = "application/json",
    _ change: (inout Case) -> Void = { _ in }
  ) -> Case {
    var one = Case(name: name, body: Array(body.utf8))
    if let type { one.headers.append(("Content-Type", type)) }
    if let accept { one.headers.append(("Accept", accept)) }
    change(&one)
    return one
  }

  private static func get(
    _ name: String, _ query: String, accept: String? = nil, _ change: (inout Case) -> Void = { _ in }
  ) -> Case {
    var one = Case(name: name, method: "GET", target: "/graphql?\(query)")
    if let accept { one.headers.append(("Accept", accept)) }
    change(&one)
    return one
  }

  private static func succeeds(as type: String? = nil) -> (inout Case) -> Void {
    { one in
      one.type = type
      one.hasData = true
      one.hasErrors = false
    }
  }

  private static func fails(_ status: Int, _ hint: String = "") -> (inout Case) -> Void {
    { one in
      one.status = status...status
      one.hasData = false
      one.hasErrors = true
      one.hint = hint
    }
  }

  private static let typename = #"{"query":"{ __typename }"}"#
  private static let type = #""query":"query Type($name: String!) { __type(name: $name) { name } }""#

  // The server audits.

  private static var mediaTypes: [Case] {
    [
      post("22EB takes the specification's media type", typename, accept: modern, succeeds(as: modern)),
      post("4655 takes application/json", typename, accept: legacy, succeeds(as: legacy)),
      post("47DE anything is application/json", typename, accept: "*/*", succeeds(as: legacy)),
      post("80D8 no Accept is application/json", typename, succeeds(as: legacy)),
      post("82A3 a response is UTF-8", #"{"query":"{ echo(text: \"ü€😀\") }"}"#) { $0.hint = "ü€😀" },
      post("BF61 takes UTF-8", #"{"query":"{ echo(text: \"ü€😀\") }"}"#, type: "application/json; charset=utf-8") {
        $0.hint = "ü€😀"
      },
      post("78D5 UTF-8 where no charset is named", #"{"query":"{ echo(text: \"é\") }"}"#) { $0.hint = "é" },
      post("2C94 takes POST", typename, succeeds()),
      get("5A70 takes GET", "query=%7B+__typename+%7D", succeeds()),
      get("9C48 no mutation by GET", "query=mutation%20%7B%20__typename%20%7D", accept: modern) {
        fails(405)(&$0)
        $0.field = ("Allow", "POST")
      },
      post("9ABE no body without Content-Type", typename, type: nil, fails(415)),
      post("03D4 takes application/json by POST", typename, succeeds()),
      post("A5BF no body", "", fails(400)),
    ]
  }

  private static var parameters: [Case] {
    var cases = [post("423L no query", #"{"notquery":"{ __typename }"}"#, accept: modern, fails(400))]
    let wrong = [
      (#"{"obj":"ect"}"#, "an object"), ("0", "a number"), ("false", "a boolean"), (#"["array"]"#, "an array"),
    ]
    for (index, (value, kind)) in wrong.enumerated() {
      cases.append(post("LKJ\(index) query is \(kind)", #"{"query":\#(value)}"#, fails(400, kind)))
      let body = #"{"query":"{ __typename }","operationName":\#(value)}"#
      cases.append(post("6C0\(index) operationName is \(kind)", body, fails(400, kind)))
    }
    for (index, (value, kind)) in ([(#""string""#, "a string")] + wrong.dropFirst()).enumerated() {
      for (audit, name) in [("476", "variables"), ("58B", "extensions")] {
        let body = #"{"query":"{ __typename }","\#(name)":\#(value)}"#
        cases.append(post("\(audit)\(index) \(name) is \(kind)", body, fails(400, kind)))
      }
    }
    for (audits, accept) in [
      (["34A2", "8161", "94B", "2EA1", "428F"], modern), (["13EE", "B8B3", "022", "28B9", "1B7A"], legacy),
    ] {
      cases.append(post("\(audits[0]) a query", typename, accept: accept, succeeds(as: accept)))
      let named = #"{"query":"query Query { __typename }","operationName":"Query"}"#
      cases.append(post("\(audits[1]) an operationName", named, accept: accept, succeeds(as: accept)))
      for (index, name) in ["variables", "operationName", "extensions"].enumerated() {
        let body = #"{"query":"{ __typename }","\#(name)":null}"#
        cases.append(post("\(audits[2])\(index) \(name) is null", body, accept: accept, succeeds(as: accept)))
      }
      let variables = #"{\#(type),"variables":{"name":"sometype"}}"#
      cases.append(post("\(audits[3]) variables", variables, accept: accept, succeeds(as: accept)))
      let extensions = #"{"query":"{ __typename }","extensions":{"some":"value"}}"#
      cases.append(post("\(audits[4]) extensions", extensions, accept: accept, succeeds(as: accept)))
    }
    let query =
      "query=query%20Type(%24name%3A%20String!)%20%7B%20__type(name%3A%20%24name)%20%7B%20name%20%7D%20%7D"
      + "&variables=%7B%22name%22%3A%22sometype%22%7D"
    cases.append(get("D6D5 variables in a URL", query, accept: modern, succeeds(as: modern)))
    cases.append(get("6A70 variables in a URL", query, accept: legacy, succeeds(as: legacy)))
    return cases
  }

  private static var errors: [Case] {
    let typo = #"{"qeury":"{ __typename }"}"#
    var cases = [post("8764, 3E3A a misspelled query", typo, fails(400, "'query'"))]
    for (audits, accept) in [("B6DC, BCF8", legacy), ("B7N8", modern)] {
      cases.append(post("\(audits) no JSON", #"{ "not a JSON"#, accept: accept, fails(400, "not JSON")))
    }
    let documents = [
      ("572B", "865D, 556A, D586 no document", #"{"query":"{"}"#, "Syntax Error"),
      (
        "FDE2", "51FE, 74FF, 5E5B not valid", #"{"query":"{ nofield8f31403dfe40 }"}"#, "Cannot query field"
      ),
      ("FDE2", "51FE, 74FF, 5E5B a field's name that is none", #"{"query":"{ 8f31403dfe404bc }"}"#, "Syntax Error"),
      (
        "7B9B", "86EE a variable that does not fit",
        #"{"query":"query Q($id: ID!) { __typename }","variables":{"id":null}}"#, "$id"
      ),
      ("", "no such operation", #"{"query":"query A { hello }","operationName":"B"}"#, "Unknown operation"),
      ("", "one operation of many", #"{"query":"query A { hello } query B { hello }"}"#, "operation name"),
      ("", "an empty document", #"{"query":""}"#, "Syntax Error"),
      ("", "a subscription", #"{"query":"subscription { events }"}"#, "text/event-stream"),
    ]
    for (old, new, body, hint) in documents {
      cases.append(
        post("\(new)", body, accept: modern) {
          fails(400, hint)(&$0); $0.type = modern
        })
      cases.append(
        post("\(old) \(new), to an old client", body, accept: legacy) {
          fails(200, hint)(&$0); $0.type = legacy
        })
    }
    for accept in [modern, legacy] {
      for (query, data) in [
        ("{ hello broken }", #""data":{"hello":"anonymous","broken":null}"#), ("{ fatal }", #""data":null"#),
      ] {
        cases.append(
          post("\(query) is a partial success", #"{"query":"\#(query)"}"#, accept: accept) {
            $0.hasData = true
            $0.hasErrors = true
            $0.hint = data
          })
      }
    }
    return cases
  }

  // What else the specification and HTTP ask.

  private static var negotiation: [Case] {
    let accepts = [
      ("\(modern), application/json;q=0.9", modern), ("application/json, \(modern);q=0.5", legacy),
      ("application/*", legacy), ("text/html, */*;q=0.1", legacy), ("Application/GraphQL-Response+JSON", modern),
      ("\(modern); charset=utf-8", modern), ("\(modern);charset=\"UTF-8\"", modern), ("*/*;q=0.1, \(modern)", modern),
      ("application/json;q=0, */*", modern), ("text/event-stream;q=0, */*", legacy), (" ,, \(modern) ,", modern),
      ("\(modern);q=0.001", modern), ("\(modern);q=nonsense", modern),
    ]
    var cases = accepts.map { post("Accept: \($0)", typename, accept: $0, succeeds(as: $1)) }
    for accept in ["text/html", "image/*", "\(modern);q=0", "application/json; charset=latin1", "nonsense", "*/*;q=0"] {
      cases.append(post("nothing fits \(accept)", typename, accept: accept, fails(406, "application/json")))
    }
    let types = [
      "application/json;charset=UTF-8", "Application/JSON", "application/json; charset=\"utf-8\"",
      "application/json; version=1", "application/json ; charset=utf-8",
    ]
    cases += types.map { post("a body as \($0)", typename, type: $0, succeeds()) }
    let refused = [
      "text/plain", "application/x-www-form-urlencoded", "application/graphql", "multipart/form-data; boundary=x",
      "application/json; charset=utf-16", "application/json; charset=latin1", "application/jsonx", "json", modern,
    ]
    cases += refused.map { post("no body as \($0)", typename, type: $0, fails(415, "application/json")) }
    return cases
  }

  private static var methods: [Case] {
    var cases = ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"].map { method in
      post("no \(method)", typename) {
        $0.method = method
        $0.status = 405...405
        $0.field = ("Allow", "GET, POST")
      }
    }
    let names = "query=query+A%7Bhello%7D+mutation+B%7B__typename%7D&operationName="
    cases += [
      get("a query beside a mutation", names + "A", accept: modern, succeeds(as: modern)),
      get("a mutation beside a query", names + "B", accept: legacy, fails(405, "POST")),
      get("no query in the URL", "", accept: modern, fails(400, "'query'")),
      get("an empty query", "query=", fails(400, "'query'")),
      get("a document that does not parse", "query=%7B", accept: modern, fails(400, "Syntax Error")),
      get("the same to an old client", "query=%7B", accept: legacy, fails(200, "Syntax Error")),
      get("empty parameters", "query=%7Bhello%7D&variables=&operationName=&extensions=", succeeds()),
      get("an operation named null", "query=query+null%7Bhello%7D&operationName=null", succeeds()),
      get("null variables", "query=%7Bhello%7D&variables=null&extensions=null", succeeds()),
      get("variables that are no JSON", "query=%7Bhello%7D&variables=%7B", fails(400, "'variables'")),
      get("variables that are a list", "query=%7Bhello%7D&variables=%5B%5D", fails(400, "an array")),
      get("extensions that are a text", "query=%7Bhello%7D&extensions=%22%22", fails(400, "a string")),
      get("UTF-8 in a URL", "query=%7Becho(text%3A%22%F0%9F%98%80%22)%7D") { $0.hint = "😀" },
      get("a subscription", "query=subscription%7Bevents%7D", accept: modern, fails(400, "text/event-stream")),
      get("a parameter that nobody knows", "query=%7Bhello%7D&other=1&&=&%", succeeds()),
      post("parameters come from the body only", #"{}"#) {
        $0.target += "?query=%7Bhello%7D"
        fails(400, "'query'")(&$0)
      },
      post("a mutation", #"{"query":"mutation { publish(text: \"x\") }"}"#, accept: modern) {
        $0.hint = #""publish":"x""#
      },
      post("members that nobody knows", #"{"query":"{ hello }","id":7,"more":{}}"#, succeeds()),
      post("another path", typename) {
        $0.target = "/graphiql"
        $0.status = 404...404
      },
      post("a bad token", typename, accept: modern) {
        $0.headers.append(("Authorization", "Bearer bad"))
        fails(401)(&$0)
        $0.type = modern
        $0.field = ("WWW-Authenticate", #"Bearer error="invalid_token""#)
      },
    ]
    return cases
  }

  private static var bodies: [Case] {
    let broken = [
      "NONSENSE", #"{"query":"#, #"{"query":"{ hello }",}"#, #"{'query':'{ hello }'}"#, #"{"query":"{ hello }"} {}"#,
      #"{"query":NaN}"#, "{\"query\":\"{\n}\"}", #"{"query":"\ud800"}"#, "\u{feff}" + typename,
      String(repeating: "[", count: 2000), "{\"query\":\"\\x\"}",
    ]
    var cases = broken.map { post("no JSON: \($0.prefix(30))", $0, accept: modern, fails(400, "not JSON")) }
    for (body, hint) in [
      ("[\(typename)]", "Batching"), ("[]", "Batching"), ("7", "a number"), ("\"{ hello }\"", "a string"),
      ("null", "null"), ("true", "a boolean"), (#"{"query":null}"#, "'query'"),
    ] {
      for accept in [modern, legacy] {
        cases.append(post("no request: \(body)", body, accept: accept, fails(400, hint)))
      }
    }
    cases.append(
      post("not UTF-8", "") {
        $0.body = Array(#"{"query":"{ hello }","a":""#.utf8) + [0xff, 0xfe] + Array(#""}"#.utf8)
        fails(400, "not JSON")(&$0)
      })
    cases.append(
      post("compressed", typename) {
        $0.headers.append(("Content-Encoding", "gzip")); fails(415)(&$0)
      })
    let long = #"{"query":"{ hello }","a":"\#(String(repeating: "x", count: 3000))"}"#
    cases.append(post("too long", long, fails(413, "2048")))
    cases.append(
      post("too long in chunks", "") {
        $0.headers.append(("Transfer-Encoding", "chunked"))
        $0.body = Array("bb8\r\n\(String(repeating: " ", count: 3000))\r\n0\r\n\r\n".utf8)
        fails(413, "2048")(&$0)
      })
    cases.append(
      post("in chunks of one byte", "") { one in
        one.headers.append(("Transfer-Encoding", "chunked"))
        for byte in typename.utf8 { one.body += Array("1;name=value\r\n".utf8) + [byte] + Array("\r\n".utf8) }
        one.body += Array("0\r\nTrailer: x\r\n\r\n".utf8)
        succeeds()(&one)
      })
    // RFC 9112, section 6.1: what two hops might read differently is no request.
    cases.append(
      post("a length and chunks", "") {
        $0.headers += [("Transfer-Encoding", "chunked"), ("Content-Length", "3")]
        $0.body = Array("0\r\n\r\n".utf8)
        $0.status = 400...400
      })
    cases.append(
      post("two lengths", typename) {
        $0.headers.append(("Content-Length", "3")); $0.status = 400...400
      })
    cases.append(get("too long a URL", "query=" + String(repeating: "x", count: 5000), fails(414, "4096")))
    cases.append(
      get("too long a head", "query=%7Bhello%7D") {
        $0.headers.append(("X-Long", String(repeating: "x", count: 100_000)))
        $0.status = 431...431
      })
    return cases
  }

  private func judge(_ one: Case, _ response: HTTPResponse) {
    #expect(one.status.contains(response.status), "\(one.name): \(response.status)")
    let type = response.headers["Content-Type"] ?? ""
    if let wanted = one.type { #expect(type == "\(wanted); charset=utf-8", "\(one.name)") }
    if let (name, value) = one.field { #expect(response.headers[name] == value, "\(one.name)") }
    #expect(
      response.headers["X-Content-Type-Options"] == "nosniff" || response.status == 400 || response.status == 413
        || response.status == 431, "\(one.name)")
    if one.method == "HEAD" { return #expect(response.body.isEmpty) }
    let text = String(decoding: response.body, as: UTF8.self)
    #expect(text.contains(one.hint), "\(one.name): \(text)")
    guard let map = try? JSON.parse(response.body) else {
      Issue.record("\(one.name): no JSON: \(text)")
      return
    }
    if let hasData = one.hasData { #expect((map["data"] != nil) == hasData, "\(one.name): \(text)") }
    guard let hasErrors = one.hasErrors else { return }
    let messages = map["errors"]?.array?.map { $0["message"]?.string ?? "" }
    #expect((messages != nil) == hasErrors, "\(one.name): \(text)")
    #expect(messages?.isEmpty != true && messages?.contains("") != true, "\(one.name): \(text)")
    if hasErrors && one.hasData == false {
      #expect(map["errors"]?[0]?["extensions"]?["code"]?.string != nil, "\(one.name): \(text)")
    }
  }

  @Test("every request is answered as GraphQL over HTTP has it")
  func requests() async throws {
    let cases = Self.mediaTypes + Self.parameters + Self.errors + Self.negotiation + Self.methods + Self.bodies
    #expect(cases.count >= 150)
    try await LiveServer.run(host: EngineService.init) { configuration, _ in
      configuration.bodyLimit = 2048
      configuration.targetLimit = 4096
    } _: { live in
      for one in cases {
        let request = HTTPRequest(
          method: one.method, target: one.target, headers: HTTPHeaders(one.headers.map { ($0.0, $0.1) }), body: one.body
        )
        judge(one, try await RawConnection.exchange(request.wire, port: live.server.port))
      }
    }
  }

  @Test("a connection goes on after a request that was refused")
  func keptAlive() async throws {
    try await LiveServer.run(host: EngineService.init) { live in
      let raw = try await RawConnection(port: live.server.port)
      let head = "Host: a\r\nContent-Type: application/json\r\n"
      for (request, answer) in [
        ("POST /graphql HTTP/1.1\r\n\(head)Content-Length: 3\r\n\r\n{\"a", "HTTP/1.1 400 "),
        ("PUT /graphql HTTP/1.1\r\n\(head)Content-Length: 2\r\n\r\n{}", "HTTP/1.1 405 "),
        ("POST /graphql HTTP/1.1\r\n\(head)Accept: text/html\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 406 "),
        ("POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 415 "),
        ("GET /graphql?query=mutation%7B__typename%7D HTTP/1.1\r\nHost: a\r\n\r\n", "\r\nAllow: POST\r\n"),
        ("POST /graphql HTTP/1.1\r\n\(head)Content-Length: 21\r\n\r\n{\"query\":\"{ hello }\"}", "anonymous"),
      ] {
        raw.send(request)
        #expect(await raw.text(containing: answer).contains(answer))
      }
      raw.close()
    }
  }
}
