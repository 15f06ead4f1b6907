package import JSON

package enum LogLevel: String, Hashable, Comparable, CaseIterable, Sendable {
  case error, warning, info, debug

  private var rank: Int {
    switch self {
    case .error: 0
    case .warning: 1
    case .info: 2
    case .debug: 3
    }
  }

  package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }
}

package enum LogFormat: String, Hashable, CaseIterable, Sendable {
  /// One JSON object a line.
  case json
  /// `time level message name=value …`.
  case text
}

/// One line of the log. It must hold nothing that is secret: no token, no variables, no text of a document.
package struct LogRecord: Sendable {
  package var level: LogLevel
  /// What happened, in a few words that stay the same.
  package var message: String
  package var fields: [(name: String, value: JSON)]

  package init(_ level: LogLevel, _ message: String, _ fields: [(name: String, value: JSON)] = []) {
    self.level = level
    self.message = message
    self.fields = fields
  }

  /// Appends a field, unless there is nothing to say.
  mutating func add(_ name: String, _ value: String?) {
    if let value { fields.append((name, .string(value))) }
  }

  mutating func add(_ name: String, _ value: Int?) {
    if let value { fields.append((name, .int(Int64(value)))) }
  }

  /// The line, with its end.
  func line(at time: String, as format: LogFormat) -> [UInt8] {
    var writer = JSONWriter(reserving: 256)
    switch format {
    case .json:
      writer.raw("{\"time\":")
      writer.string(time)
      writer.raw(",\"level\":")
      writer.string(level.rawValue)
      writer.raw(",\"message\":")
      writer.string(message)
      for (name, value) in fields {
        writer.raw(",")
        writer.key(name)
        writer.value(value)
      }
      writer.raw("}\n")
    case .text:
      writer.raw(Array("\(time) \(level.rawValue) ".utf8))
      writer.raw(Self.words(message))
      for (name, value) in fields {
        writer.raw(Array(" \(name)=".utf8))
        if let text = value.string, Self.isWord(text) { writer.raw(Array(text.utf8)) } else { writer.value(value) }
      }
      writer.raw("\n")
    }
    return writer.bytes
  }

  /// A message on one line, whatever it holds.
  private static func words(_ text: String) -> [UInt8] { text.utf8.map { $0 < 0x20 || $0 == 0x7f ? 0x20 : $0 } }

  private static func isWord(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") }
  }
}
