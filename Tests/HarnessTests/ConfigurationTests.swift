import Foundation
import Harness
import Testing

@Suite struct ConfigurationTests {
  private static let secret = "correct-horse-battery-staple-0123456789"

  private func configuration(
    _ flags: [(name: String, values: [String])] = [], file: String? = nil, _ environment: [String: String] = [:]
  ) throws -> ServeConfiguration {
    try ServeConfiguration(flags: flags, file: file, environment: environment)
  }

  private func line(_ name: String, of configuration: ServeConfiguration) -> String? {
    configuration.text.split(separator: "\n").first { $0.hasPrefix("\(name):") }?
      .split(separator: " ").joined(separator: " ")
  }

  private func complaint(_ make: () throws -> ServeConfiguration) -> String {
    do { return "no complaint: \(try make().text)" } catch { return "\(error)" }
  }

  @Test("a flag goes before the environment, that before the file, and that before the default")
  func precedence() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "host: 10.0.0.1\nport: 1\ndrain-deadline: 1m\nallowed-origin: [https://a, https://b]\n", as: "a.yaml")
    let environment = ["REHEARSAL_PORT": "2", "REHEARSAL_DRAIN_DEADLINE": "2m", "PATH": "/bin"]
    let all = try configuration([("drain-deadline", ["3m"])], file: file, environment)
    #expect(line("host", of: all) == "host: 10.0.0.1 # file \(file):1:7")
    #expect(line("port", of: all) == "port: 2 # environment REHEARSAL_PORT")
    #expect(line("drain-deadline", of: all) == "drain-deadline: 3m # flag --drain-deadline")
    #expect(line("log-format", of: all) == "log-format: json # default")
    #expect(line("allowed-origin", of: all)?.hasPrefix(#"allowed-origin: ["https://a", "https://b"] #"#) == true)
    let named = try configuration(
      [], file: nil, ["REHEARSAL_CONFIG": file, "REHEARSAL_ALLOWED_ORIGIN": "https://c,https://d"])
    #expect(line("host", of: named) == "host: 10.0.0.1 # file \(file):1:7")
    #expect(line("allowed-origin", of: named)?.hasPrefix(#"allowed-origin: ["https://c", "https://d"] #"#) == true)
  }

  @Test("what --print-config shows is a file of settings that means the same, in YAML and in JSON")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let flags: [(name: String, values: [String])] = [
      ("session-rate", ["90/m"]), ("presence-lease", ["1500"]), ("migrate", ["true"]), ("log-level", ["debug"]),
    ]
    let first = try configuration(flags)
    let file = try folder.write(first.text, as: "printed.yaml")
    func values(_ configuration: ServeConfiguration) -> [Substring] {
      configuration.text.split(separator: "\n").map { $0.prefix { $0 != "#" } }
    }
    #expect(values(try configuration(file: file)) == values(first))
    #expect(line("presence-lease", of: first) == "presence-lease: 1500ms # flag --presence-lease")
    let json = try folder.write(#"{"port": 7, "allowed-origin": ["https://a"], "migrate": true}"#, as: "a.json")
    #expect(line("port", of: try configuration(file: json))?.hasPrefix("port: 7 #") == true)
  }

  @Test("every mistake is told, with its place and the nearest name, and none shows a secret")
  func mistakes() throws {
    let folder = try TemporaryFolder()
    let text = "prot: 1\nport: 99999\norganization: [acme=short-secret]\nlog-level: {a: b}\nmetric-token: a-secret\n"
    let file = try folder.write(text, as: "bad.yaml")
    let flags: [(name: String, values: [String])] = [
      ("organization", ["no-equals-secret"]), ("session-rate", ["often"]),
    ]
    let environment = ["REHEARSAL_PROT": "env-secret", "REHEARSAL_DATABASE": "mysql://u:db-secret@h"]
    let told = complaint { try configuration(flags, file: file, environment) }
    let expected = [
      "the settings have 9 mistakes", "\(file):1:1: There is no setting 'prot'. Did you mean 'port'?",
      "\(file):2:7: 'port' must be a whole number, from 0 to 65535, not '99999'", "  port: 99999\n        ^~~~~",
      "\(file):3:15: 'organization' cannot be taken: the secret of 'acme' must have at least 32 bytes",
      "\(file):4:12: 'log-level' must have a value", "\(file):5:1: There is no setting 'metric-token'",
      "there is no setting for the variable REHEARSAL_PROT. Did you mean 'REHEARSAL_PORT'?",
      "REHEARSAL_DATABASE must be sqlite, postgres, postgres://… or sqlite:PATH",
      "'--organization' must be <slug>=<secret>",
      "'--session-rate' must be a rate such as 50/s or 600/m, or off, not 'often'",
    ]
    for text in expected { #expect(told.contains(text), "\(text)\n\(told)") }
    for secret in ["-secret", "mysql"] { #expect(!told.contains(secret), "\(told)") }
    #expect(complaint { try configuration(file: "\(folder.path)/none") }.contains("cannot be read"))
    #expect(complaint { try configuration([("port", ["1", "2"])]) }.contains("must be one value"))
  }

  @Test("secrets come from files, and are shown nowhere")
  func secrets() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("\(Self.secret)\n", as: "secret")
    let flags: [(name: String, values: [String])] = [
      ("organization", ["acme=@\(file)", "globex=\(Self.secret)"]), ("metrics-token", ["@\(file)"]),
      ("database", ["postgres://user:pass:w@rd@host:5432/db?sslpassword=\(Self.secret)&a=b"]),
    ]
    let text = try configuration(flags).text
    #expect(!text.contains(Self.secret) && !text.contains("pass:w"))
    #expect(text.contains(#"organization: ["acme=***", "globex=***"]"#))
    #expect(text.contains(#"metrics-token: "***""#))
    #expect(text.contains(#"database: "postgres://user:***@host:5432/db?sslpassword=***&a=b""#))
    #expect(complaint { try configuration([("organization", ["acme=@/nowhere"])]) }.contains("cannot be read"))
  }

  @Test("a webhook wants http, or a build with TLS, and a long secret, and neither goes without the other")
  func webhook() throws {
    let url = "http://127.0.0.1:9000/hook"
    let both = try configuration([("webhook", [url]), ("webhook-secret", [Self.secret])])
    #expect(line("webhook", of: both) == "webhook: \"\(url)\" # flag --webhook" && !both.text.contains(Self.secret))
    for (flags, expected) in [
      ([("webhook", ["https://a.example/"]), ("webhook-secret", [Self.secret])], "--traits TLS"),
      ([("webhook", [url]), ("webhook-secret", ["short"])], "at least 32 bytes"),
      ([("webhook", [url])], "go together"), ([("webhook-secret", [Self.secret])], "go together"),
    ] as [([(name: String, values: [String])], String)] {
      let complaint = complaint { try configuration(flags) }
      #expect(complaint.contains(expected) && !complaint.contains("short") && !complaint.contains(Self.secret))
    }
  }

  @Test("docs/operations.md has every setting with its default, and no other")
  func documented() throws {
    let text = try String(contentsOfFile: "\(root)/docs/operations.md", encoding: .utf8)
    let table = try #require(text.components(separatedBy: "| setting | default |").dropFirst().first)
    var documented: [String] = []
    for row in table.split(separator: "\n").dropFirst(2).prefix(while: { $0.hasPrefix("| `") }) {
      let cells = row.components(separatedBy: " | ")
      let name = cells[0].dropFirst(3).dropLast()
      documented.append("\(name): \(cells[1] == "none" ? "" : String(cells[1].dropFirst().dropLast()))")
    }
    let actual = try configuration().text.split(separator: "\n").map { line in
      let entry = line.prefix { $0 != "#" }.split(separator: " ").joined(separator: " ")
      return entry.replacingOccurrences(of: "[]", with: "").replacingOccurrences(of: #""""#, with: "")
    }
    #expect(
      documented.map { $0.trimmingCharacters(in: .whitespaces) }
        == actual.map { $0.trimmingCharacters(in: .whitespaces) })
  }

  @Test("a fault is off by default, and refused where people's data stays")
  func slowdown() throws {
    #expect(line("slowdown", of: try configuration()) == "slowdown: 1 # default")
    let slow = try configuration([], ["REHEARSAL_SLOWDOWN": "1.10"])
    #expect(line("slowdown", of: slow) == "slowdown: 1.1 # environment REHEARSAL_SLOWDOWN")
    for database in ["sqlite:people.sqlite", "postgres://db/people"] {
      #expect(
        complaint { try configuration([("database", [database]), ("slowdown", ["1.1"])]) }.contains("is a fault"))
      _ = try configuration([("database", [database]), ("slowdown", ["1"])])
    }
    for value in ["0.9", "11", "fast", "nan"] {
      let told = complaint { try configuration([("slowdown", [value])]) }
      #expect(told.contains("must be a factor from 1 to 10, such as 1.1, not '\(value)'"))
    }
  }
}
