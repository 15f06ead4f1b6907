import Foundation
import GraphQL
import JSON

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
    try ask("judge", ([sdl] + documents).map { .string($0) }).map { answer in answer.array?.map(described) }
  }

  /// The answers of reference.py to some lines.
  static func ask(_ mode: String, _ lines: [JSON]) throws -> [JSON] {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "reference.py")
    let process = python([script.path, mode])
    let input = FileManager.default.temporaryDirectory.appending(path: "rehearsal-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: input) }
    try Data(lines.map(\.text).joined(separator: "\n").utf8).write(to: input)
    let output = Pipe()
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try data.split(separator: UInt8(ascii: "\n")).map { try JSON.parse(Array($0)) }
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
