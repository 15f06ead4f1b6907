/// The text of a file, cut into lines, and the way back from a place within one of its values to the place in the file.
package struct SourceText: Sendable {
  package let file: String
  /// Without their ends.
  let lines: [[Unicode.Scalar]]

  package init(file: String, text: String) {
    self.file = file
    lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      Array(line.last == "\r" ? line.dropLast() : line)
    }
  }

  /// A line's text; `nil` when the file has no such line. Lines count from 1.
  package func line(_ number: Int) -> String? {
    lines.indices.contains(number - 1) ? String(String.UnicodeScalarView(lines[number - 1])) : nil
  }

  func mark(_ node: YAMLNode) -> Mark { Mark(file: file, line: node.line, column: node.column) }

  /// Where the character at `line` and `column` (from 1) of a scalar's text stands in the file.
  ///
  /// Whitespace is what YAML's styles change (indentation, folded lines), so the place is found by counting the other
  /// characters, which every style keeps; escapes of quoted styles count as the one character they stand for.
  func mark(line: Int, column: Int, in node: YAMLNode) -> Mark {
    guard let scalar = node.scalar else { return mark(node) }
    var remaining = Self.solidCharacters(before: line, column, in: scalar.text)
    var cursor = Cursor(lines: lines, line: node.line - 1, column: node.column - 1)
    switch scalar.style {
    case .literal, .folded: cursor = Cursor(lines: lines, line: node.line, column: 0)
    case .singleQuoted, .doubleQuoted: cursor.column += 1
    case .plain: break
    }
    while let character = cursor.next(style: scalar.style) {
      if character.isSolid {
        if remaining == 0 { return Mark(file: file, line: character.line + 1, column: character.column + 1) }
        remaining -= 1
      }
    }
    return mark(node)
  }

  private static func solidCharacters(before line: Int, _ column: Int, in text: String) -> Int {
    var count = 0
    var (currentLine, currentColumn) = (1, 1)
    for scalar in text.unicodeScalars {
      if currentLine > line || (currentLine == line && currentColumn >= column) { break }
      if scalar == "\n" {
        currentLine += 1
        currentColumn = 1
      } else {
        if !scalar.properties.isWhitespace { count += 1 }
        currentColumn += 1
      }
    }
    return count
  }

  /// Walks over a scalar's source, one character of its value at a time.
  private struct Cursor {
    let lines: [[Unicode.Scalar]]
    /// From 0.
    var line: Int
    var column: Int

    struct Character {
      var isSolid: Bool
      var line: Int
      var column: Int
    }

    private func scalar(ahead: Int = 0) -> Unicode.Scalar? {
      guard lines.indices.contains(line), lines[line].indices.contains(column + ahead) else { return nil }
      return lines[line][column + ahead]
    }

    mutating func next(style: YAMLScalar.Style) -> Character? {
      guard lines.indices.contains(line) else { return nil }
      guard let first = scalar() else {
        defer {
          line += 1
          column = 0
        }
        return Character(isSolid: false, line: line, column: column)
      }
      var result = Character(isSolid: !first.properties.isWhitespace, line: line, column: column)
      var length = 1
      if style == .singleQuoted, first == "'" {
        guard scalar(ahead: 1) == "'" else { return nil }
        length = 2
      } else if style == .doubleQuoted, first == "\"" {
        return nil
      } else if style == .doubleQuoted, first == "\\" {
        length = 2
        switch scalar(ahead: 1) {
        case nil, "n", "t", " ", "r", "v", "f", "N", "_", "L", "P": result.isSolid = false
        case "x": length = 4
        case "u": length = 6
        case "U": length = 10
        default: break
        }
      }
      column += length
      return result
    }
  }
}
