// GraphQL: the language. Parse, validate, introspect, plan, execute, subscribe; knows nothing of HTTP, SQL or a product.

/// A text of GraphQL and the name that messages call it by.
package struct Source: Hashable, Sendable {
  /// A file path, or what the text is, such as "GraphQL request".
  package let name: String
  package let text: String

  package init(name: String = "GraphQL request", text: String) {
    self.name = name
    self.text = text
  }

  /// The place of a byte of the text's UTF-8; an offset past the end gives the end.
  ///
  /// A line ends with LF, CR or CR LF; columns count Unicode scalars (specification, 2.1.2 and 7.1.2).
  package func location(at offset: Int) -> SourceLocation {
    var line = 1
    var column = 1
    var position = 0
    var afterReturn = false
    for byte in text.utf8 {
      if position >= offset { break }
      position += 1
      if byte == UInt8(ascii: "\n") {
        if !afterReturn { line += 1 }
        column = 1
      } else if byte == UInt8(ascii: "\r") {
        line += 1
        column = 1
      } else if byte & 0xc0 != 0x80 {
        column += 1
      }
      afterReturn = byte == UInt8(ascii: "\r")
    }
    return SourceLocation(line: line, column: column)
  }
}

/// A place in a source; both numbers start at one.
package struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
  package let line: Int
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package var description: String { "\(line):\(column)" }
}
