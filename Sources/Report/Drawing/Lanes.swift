/// Bars in lanes over time.
struct Lanes {
  struct Bar {
    var start: Double
    var length: Double
    var name: String
    var style: String
    var hint: String
  }

  private static let height = 22.0

  /// From the top; names are shown at the left.
  var lanes: [(name: String, bars: [Bar])]
  /// Seconds.
  var length: Double

  func svg(id: String, title: String) -> String {
    var svg = SVG(width: TimeChart.width, height: 24 + Double(lanes.count) * Self.height + 26)
    svg.text(0, 14, title, "title")
    for (index, lane) in lanes.enumerated() {
      let y = 24 + Double(index) * Self.height
      svg.text(
        TimeChart.x(0, of: length) - 8, y + 14, lane.name, "tick", anchor: "end", fit: 9)
      for bar in lane.bars {
        let from = TimeChart.x(bar.start, of: length)
        let width = max(2, TimeChart.x(bar.start + bar.length, of: length) - from)
        svg.rect(from, y, width - 1, Self.height - 4, "bar \(bar.style)", hint: bar.hint)
        let room = Int(width / 6.4) - 1
        if room >= min(bar.name.count, 6), room > 2 {
          svg.text(from + 5, y + 13, bar.name, "bar-name", fit: room, hint: bar.hint)
        }
      }
    }
    TimeChart.seconds(length, y: 24 + Double(lanes.count) * Self.height, in: &svg)
    let words = lanes.map { "\($0.name): " + $0.bars.map(\.hint).joined(separator: ", ") }.joined(separator: "; ")
    return svg.element(id: id, title: title, description: String(words.prefix(2_000)))
  }
}
