/// A picture in the making, as inline SVG. Every text is escaped here; colours come from the page's classes.
struct SVG {
  let width: Double
  var height: Double
  private var body = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// - Parameter hint: what a pointer that rests on it is told.
  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String, hint: String? = nil) {
    add("line", "x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\"", style, hint: hint)
  }

  mutating func rect(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, hint: String? = nil
  ) {
    let size = "width=\"\(n(max(0, width)))\" height=\"\(n(max(0, height)))\""
    add("rect", "x=\"\(n(x))\" y=\"\(n(y))\" \(size)", style, hint: hint)
  }

  mutating func path(_ data: String, _ style: String, hint: String? = nil) {
    add("path", "d=\"\(escaped(data))\"", style, hint: hint)
  }

  /// - Parameters:
  ///   - anchor: `start`, `middle` or `end`.
  ///   - fit: characters that there is room for; what is cut stands in the hint.
  mutating func text(
    _ x: Double, _ y: Double, _ text: String, _ style: String = "", anchor: String = "start", fit: Int = .max,
    hint: String? = nil
  ) {
    if text.isEmpty { return }
    let shown = text.count > fit ? "\(text.prefix(max(1, fit - 1)))…" : text
    let place = "x=\"\(n(x))\" y=\"\(n(y))\"" + (anchor == "start" ? "" : " text-anchor=\"\(anchor)\"")
    add("text", place, style, shown, hint: hint ?? (shown == text ? nil : text))
  }

  private mutating func add(
    _ name: String, _ attributes: String, _ style: String, _ text: String = "", hint: String? = nil
  ) {
    let content = (hint.map { "<title>\(escaped($0))</title>" } ?? "") + escaped(text)
    let style = style.isEmpty ? "" : " class=\"\(escaped(style))\""
    body += "<\(name) \(attributes)\(style)" + (content.isEmpty ? "/>\n" : ">\(content)</\(name)>\n")
  }

  /// The whole, with the words that stand for it where it cannot be seen.
  /// - Parameter id: unique on the page.
  func element(id: String, title: String, description: String) -> String {
    """
    <svg role="img" aria-labelledby="\(id)-t \(id)-d" viewBox="0 0 \(n(width)) \(n(height))" width="\(n(width))" height="\(n(height))">
    <title id="\(id)-t">\(escaped(title))</title><desc id="\(id)-d">\(escaped(description))</desc>
    \(body)</svg>

    """
  }

  /// A coordinate: a tenth of a pixel is enough.
  private func n(_ value: Double) -> String { SVG.number(value) }

  static func number(_ value: Double) -> String {
    let text = fixed(value, digits: 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
