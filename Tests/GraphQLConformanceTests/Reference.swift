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

  /// The answers of reference.py to some requests.
  static func ask(_ requests: [JSON]) throws -> [JSON] {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "reference.py")
    let process = python([script.path])
    let input = FileManager.default.temporaryDirectory.appending(path: "rehearsal-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: input) }
    try Data(requests.map(\.text).joined(separator: "\n").utf8).write(to: input)
    let output = Pipe()
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try data.split(separator: UInt8(ascii: "\n")).map { try JSON.parse(Array($0), depthLimit: 2_000) }
  }

  /// What differs by nature made one: quotation marks, what a language calls an object, and the names of a directive's
  /// places, which graphql-core writes as it does nothing else.
  static func normalized(_ message: String) -> String {
    var text = message.replacing("'", with: "\"").replacing(" to be a mapping", with: " to be an object")
      .replacing(" not to be None.", with: " not to be null.")
    if text.hasPrefix("Directive "), text.contains(" may not be used on ") {
      text = text.lowercased().replacing("_", with: " ")
    }
    return text
  }

  /// How a message begins, before it names anything.
  static func kind(of message: String) -> String { String(message.prefix { $0 != "\"" && $0 != ":" && $0 != "(" }) }

  /// An error of a response in one line: message, places, path.
  static func described(_ error: JSON) -> String {
    let places = (error["locations"]?.array ?? []).map { "\($0["line"] ?? 0):\($0["column"] ?? 0)" }
    let path = error["path"].map { " at \($0)" } ?? ""
    return "\(normalized(error["message"]?.string ?? "")) (\(places.joined(separator: ", ")))\(path)"
  }

  private static func python(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    return process
  }
}
