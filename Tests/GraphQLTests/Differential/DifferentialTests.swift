import Foundation
import GraphQL
import JSON
import Testing

/// Compares our parser and rules with Python's graphql-core, which follows the reference implementation word for word
/// but for the shape of its quotation marks.
@Suite struct DifferentialTests {
  private static let documents = 250

  @Test("documents are judged as graphql-core judges them", .enabled(if: Reference.isInstalled, "needs graphql-core"))
  func agreesWithReference() throws {
    let schema = try PetSchema.schema.get()
    var generator = DocumentGenerator(schema: schema, seed: 20_250_903)
    let texts = (0..<Self.documents).map { _ in generator.document() }
    let answers = try Reference.judge(PetSchema.sdl, texts)
    try #require(answers.count == texts.count)
    var compared = 0
    var invalid = 0
    var kinds: Set<String> = []
    for (text, answer) in zip(texts, answers) {
      guard let expected = answer else { continue }
      compared += 1
      if !expected.isEmpty { invalid += 1 }
      for message in expected { kinds.insert(Reference.kind(of: message)) }
      let found = try PetSchema.check(text).map { Reference.normalized($0.description) }
      if found == expected { continue }
      let agreed = zip(found, expected).prefix { $0 == $1 }.count
      Issue.record(
        """
        error \(agreed) of \(text)
        ours: \(found.dropFirst(agreed).first ?? "none")
        theirs: \(expected.dropFirst(agreed).first ?? "none")
        """)
    }
    // A generator that writes only nonsense, or only good documents, would prove nothing.
    #expect(compared > Self.documents * 9 / 10)
    #expect(invalid > compared / 5 && invalid < compared * 4 / 5)
    #expect(kinds.count > 20)
  }
}

/// Python with graphql-core, in one process.
enum Reference {
  static let isInstalled: Bool = {
    let process = python(["-c", "import graphql"])
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// Per document its errors, or `nil` where the reference itself fails.
  static func judge(_ sdl: String, _ documents: [String]) throws -> [[String]?] {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "reference.py")
    let process = python([script.path])
    let input = FileManager.default.temporaryDirectory.appending(path: "rehearsal-\(getpid())-documents.jsonl")
    defer { try? FileManager.default.removeItem(at: input) }
    let lines = ([sdl] + documents).map { JSON.string($0).text }.joined(separator: "\n")
    try Data(lines.utf8).write(to: input)
    let output = Pipe()
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try data.split(separator: UInt8(ascii: "\n")).map { line in
      try JSON.parse(Array(line)).array.map { errors in errors.map(described) }
    }
  }

  /// What differs by nature made one: quotation marks, and the names of a directive's places, which graphql-core
  /// writes as it does nothing else.
  static func normalized(_ message: String) -> String {
    let text = message.replacingOccurrences(of: "'", with: "\"")
    guard text.hasPrefix("Directive "), text.contains(" may not be used on ") else { return text }
    return text.lowercased().replacingOccurrences(of: "_", with: " ")
  }

  /// How a message begins, before it names anything.
  static func kind(of message: String) -> String { String(message.prefix { $0 != "\"" && $0 != ":" && $0 != "(" }) }

  private static func described(_ error: JSON) -> String {
    let locations = (error["locations"]?.array ?? []).map { place in
      SourceLocation(line: Int(place[0]?.int ?? 0), column: Int(place[1]?.int ?? 0))
    }
    return normalized(GraphQLError(error["message"]?.string ?? "", locations: locations).description)
  }

  private static func python(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    return process
  }
}
