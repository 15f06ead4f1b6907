extension Diagnostic {
  /// `file:line:column: error: message [code]`, then the source line with a caret under what is meant.
  /// - Parameters:
  ///   - source: the file's text; without it only the first line is written.
  ///   - color: whether to use ANSI colours.
  package func text(source: SourceText?, color: Bool = false) -> String {
    let paint = Paint(on: color)
    let place = mark.line > 0 ? mark.description : mark.file
    let label = paint(severity.rawValue + ":", severity == .error ? .red : .yellow)
    var text = "\(paint(place + ":", .bold)) \(label) \(message) [\(code.rawValue)]\n"
    let places = related.map { "  \($0.mark): \($0.message)\n" }.joined()
    guard mark.line > 0, let line = source?.line(mark.line) else { return text + places }
    // Control characters in a hostile file must not reach the terminal; a tab keeps its place by being one space.
    let shown = String(String.UnicodeScalarView(line.unicodeScalars.map { Self.isControl($0) ? " " : $0 }))
    let characters = shown.unicodeScalars
    let before = min(mark.column - 1, characters.count)
    let start = before > Self.contextBefore ? before - Self.contextBefore / 2 : 0
    let window = characters.dropFirst(start).prefix(Self.lineLimit)
    let underline = max(1, min(width, window.count - (before - start)))
    let caret = "^" + String(repeating: "~", count: underline - 1)
    text += "  \(String(window))\n"
    text += "  \(String(repeating: " ", count: before - start))\(paint(caret, .green))\n"
    return text + places
  }

  private static var lineLimit: Int { 160 }
  private static var contextBefore: Int { 120 }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
  }

  private struct Paint {
    enum Style: String { case bold = "1", red = "1;31", yellow = "1;33", green = "1;32" }

    var on: Bool

    init(on: Bool) { self.on = on }

    func callAsFunction(_ text: String, _ style: Style) -> String {
      on ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" : text
    }
  }
}
