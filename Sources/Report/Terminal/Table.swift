/// Rows of text in columns as wide as their widest cell.
struct Table {
  enum Alignment { case left, right }

  let alignments: [Alignment]
  private(set) var rows: [[String]] = []

  init(_ alignments: [Alignment]) { self.alignments = alignments }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// The lines, without white space at their ends.
  /// - Parameter decorate: paints a padded cell; given its row, column and text.
  func lines(_ decorate: (Int, Int, String) -> String = { _, _, text in text }) -> [String] {
    let widths = alignments.indices.map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.enumerated().map { index, row in
      var line = ""
      for (column, cell) in row.enumerated() where column < widths.count {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        let isLast = column == row.count - 1
        let padded = alignments[column] == .right ? padding + cell : isLast ? cell : cell + padding
        line += (column > 0 ? "  " : "") + decorate(index, column, padded)
      }
      return line
    }
  }
}
