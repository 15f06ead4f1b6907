/// Why a text is no CSV, and where.
struct CSVError: Error {
  var message: String
  var line: Int
  var column: Int
}

/// Reads comma-separated values by RFC 4180, with line ends of either kind.
struct CSVReader {
  struct Field {
    var text: String
    /// Where it begins; from 1, columns in characters.
    var line: Int
    var column: Int
  }

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var column = 1

  init(_ text: String) {
    var scalars = Array(text.unicodeScalars)
    // A byte order mark is no part of the first name.
    if scalars.first == "\u{feff}" { scalars.removeFirst() }
    self.scalars = scalars
  }

  /// Every record; an empty line is none.
  mutating func records() throws(CSVError) -> [[Field]] {
    var records: [[Field]] = []
    while position < scalars.count {
      if takeLineEnd() { continue }
      records.append(try record())
    }
    return records
  }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func advance() {
    if next == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
    position += 1
  }

  private mutating func takeLineEnd() -> Bool {
    if next == "\r", position + 1 < scalars.count, scalars[position + 1] == "\n" { advance() }
    guard next == "\n" else { return false }
    advance()
    return true
  }

  private mutating func record() throws(CSVError) -> [Field] {
    var fields: [Field] = []
    while true {
      fields.append(try field())
      if next == "," { advance() } else { break }
    }
    guard next == nil || takeLineEnd() else { throw unexpected("a carriage return without a line feed") }
    return fields
  }

  private mutating func field() throws(CSVError) -> Field {
    var field = Field(text: "", line: line, column: column)
    var text = String.UnicodeScalarView()
    guard next == "\"" else {
      while let scalar = next, scalar != ",", scalar != "\n", !(scalar == "\r" && follows("\n")) {
        if scalar == "\"" { throw unexpected("a quote within a field that does not begin with one") }
        text.append(scalar)
        advance()
      }
      field.text = String(text)
      return field
    }
    advance()
    while true {
      guard let scalar = next else {
        throw CSVError(message: "The quote that opens here is never closed", line: field.line, column: field.column)
      }
      advance()
      guard scalar == "\"" else {
        text.append(scalar)
        continue
      }
      guard next == "\"" else { break }
      text.append("\"")
      advance()
    }
    if let scalar = next, scalar != ",", scalar != "\n", scalar != "\r" {
      throw unexpected("text after a closing quote")
    }
    field.text = String(text)
    return field
  }

  private func follows(_ scalar: Unicode.Scalar) -> Bool {
    position + 1 < scalars.count && scalars[position + 1] == scalar
  }

  private func unexpected(_ what: String) -> CSVError {
    CSVError(message: "There is \(what)", line: line, column: column)
  }
}
