/// Makes paths of `sendMessage.message.id`.
struct PathReader {
  let report: FileReport

  /// - Returns: `nil` for a malformed path, which is reported.
  func path(_ node: YAMLNode) -> FieldPath? {
    guard let text = node.scalar?.text, !text.isEmpty else { return nil }
    let mark = report.source.mark(line: 1, column: 1, in: node)
    if text == Names.statements { return FieldPath(segments: [text], mark: mark) }
    let segments = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let good = segments.allSatisfy { segment in
      !segment.isEmpty && segment.utf8.allSatisfy { Names.isLetter($0) || Names.isDigit($0) || $0 == UInt8(ascii: "_") }
    }
    guard good else {
      report.error(
        .badPath, node,
        "\(node.kindName.capitalizedFirst) is no path: write field names with dots between, as in sendMessage.message.id."
      )
      return nil
    }
    return FieldPath(segments: segments, mark: mark)
  }
}

extension FieldPath {
  /// Where a segment stands in the file; paths are written on one line.
  func mark(ofSegment index: Int) -> Mark {
    var place = mark
    place.column += segments.prefix(index).reduce(0) { $0 + $1.unicodeScalars.count + 1 }
    return place
  }
}
