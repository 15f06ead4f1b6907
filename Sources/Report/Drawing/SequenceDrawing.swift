internal import Scenario

extension SequenceDiagram {
  private static let rowHeight = 26.0
  private static let top = 44.0
  private static let left = 116.0
  private static let detailWidth = 420.0
  /// Characters that fit beside an arrow, and into the column of details.
  private static let detailLength = 62

  /// The drawing, and a table that says the same in words.
  /// - Parameter id: unique on the page.
  func html(id: String, title: String) -> String {
    let step = min(210, max(104, 690 / Double(actors.count + 1)))
    let x = actors.indices.map { Self.left + 60 + Double($0) * step }
    let server = Self.left + 60 + Double(actors.count) * step
    let detail = server + 70
    var svg = SVG(width: detail + Self.detailWidth, height: Self.top + Double(rows.count) * Self.rowHeight + 14)
    for (index, row) in rows.enumerated() {
      guard row.kind == .failure || row.emphasis != nil else { continue }
      let style = row.kind == .failure ? "band-bad" : row.emphasis == .cause ? "band-cause" : "band-evidence"
      svg.rect(0, y(index) - 15, svg.width, Self.rowHeight, style)
    }
    for (place, name) in zip(x + [server], actors + ["server"]) {
      svg.line(place, 34, place, svg.height - 6, "life")
      svg.rect(place - step / 2 + 6, 8, step - 12, 26, name == "server" && place == server ? "head server" : "head")
      svg.text(place, 25, name, "name", anchor: "middle", fit: Int(step / 7.4))
    }
    var waitsFrom: Double?
    for (index, row) in rows.enumerated() {
      let y = y(index)
      if row.emphasis == .cause { waitsFrom = y + 5 }
      guard let actor = row.actor, row.kind != .gap else {
        svg.text(detail, y, row.detail, "dim")
        continue
      }
      if row.emphasis == .cause { svg.text(6, y, "cause", "tag") }
      if row.emphasis == .evidence { svg.text(6, y, "proof", "tag-bad") }
      if row.kind == .failure {
        if let from = waitsFrom { svg.rect(x[actor] - 3, from, 6, y - from - 4, "wait", hint: "waited for") }
        svg.path("M\(SVG.number(x[actor] - 5)) \(SVG.number(y - 9)) l10 10 m0 -10 l-10 10", "cross")
        svg.text(6, y, "failed", "tag-bad")
        let verdict = "\(row.label) · \(row.detail.split(separator: "\n").joined(separator: " "))"
        svg.text(x[actor] + 12, y, verdict, "verdict", fit: Int((svg.width - x[actor] - 12) / 7.4))
        svg.text(Self.left - 8, y, time(row), "time", anchor: "end")
        continue
      }
      svg.text(Self.left - 8, y, time(row), "time", anchor: "end")
      arrow(row, from: x[actor], to: server, y: y, in: &svg)
      svg.text(detail, y, row.detail, "detail", fit: Self.detailLength)
    }
    let words =
      "Lifelines of \(actors.joined(separator: ", ")) and the server, \(rows.count) rows; the table below says the same."
    return "<div class=\"wide\">\(svg.element(id: id, title: "What happened: \(title)", description: words))</div>\n"
      + (hidden > 0
        ? "<p class=\"dim\">\(plural(hidden, "other actor")) took part and stand\(hidden == 1 ? "s" : "") not here.</p>\n"
        : "")
      + table
  }

  private func arrow(_ row: Row, from x: Double, to server: Double, y: Double, in svg: inout SVG) {
    let end = SVG.number(y + 5)
    let style = "\(row.kind.rawValue)\(row.emphasis == .evidence ? " proof" : "")"
    svg.line(x, y + 5, server, y + 5, style)
    switch row.kind {
    case .request: svg.path("M\(SVG.number(server)) \(end) l-8 -4 v8 z", "tip \(row.kind.rawValue)")
    case .ending: svg.path("M\(SVG.number(x - 4)) \(SVG.number(y + 1)) l8 8 m0 -8 l-8 8", "ending")
    default: svg.path("M\(SVG.number(x)) \(end) l8 -4 v8 z", "tip \(row.kind.rawValue)")
    }
    svg.text(x + 12, y, row.label, "label \(row.kind.rawValue)", fit: Int((server - x + 30) / 7.2))
  }

  private var table: String {
    var text =
      "<details><summary>The same as a table</summary>\n<table><tr><th>time</th><th>who</th><th>what</th><th></th></tr>\n"
    for row in rows {
      let cells = [
        row.kind == .gap ? "" : time(row), row.actor.map { actors[$0] } ?? "", row.label, row.detail,
      ]
      let style = row.kind == .failure ? " class=\"failed\"" : row.emphasis == .cause ? " class=\"cause\"" : ""
      text += "<tr\(style)>" + cells.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>\n"
    }
    return text + "</table></details>\n"
  }

  private func y(_ index: Int) -> Double { Self.top + Double(index) * Self.rowHeight + 14 }

  private func time(_ row: Row) -> String { clock(.nanoseconds(row.time)) }
}
