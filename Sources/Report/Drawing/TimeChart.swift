/// Lines over time, on an axis that several charts share.
struct TimeChart {
  struct Line {
    var name: String
    /// Of the page's colours: `c1` to `c4`.
    var style: String
    /// Where nothing was measured, there is none.
    var values: [Double?]
  }

  static let width = 1080.0
  private static let left = 64.0
  private static let right = 16.0
  private static let plot = 130.0
  private static let top = 34.0

  let title: String
  /// As ``readable(_:unit:)`` takes it.
  let unit: String
  let lines: [Line]
  /// The middle of each point's time, in seconds.
  let times: [Double]
  /// Seconds.
  let length: Double
  /// Drawn where it is not far above what was measured.
  var limits: [(name: String, value: Double)] = []

  /// Where a time stands.
  static func x(_ seconds: Double, of length: Double) -> Double {
    left + (width - left - right) * max(0, min(1, length > 0 ? seconds / length : 0))
  }

  func svg(id: String) -> String {
    var svg = SVG(width: Self.width, height: Self.top + Self.plot + 26)
    let highest = lines.flatMap(\.values).compactMap(\.self).max() ?? 0
    let shown = limits.filter { $0.value <= highest * 2 }
    let tick = Self.step(for: max(highest, shown.map(\.value).max() ?? 0) * 1.04, about: 4)
    let ceiling = tick * max(1, (max(highest, shown.map(\.value).max() ?? 0) / tick).rounded(.up))
    func y(_ value: Double) -> Double { Self.top + Self.plot * (1 - value / ceiling) }
    svg.text(0, 14, title, "title")
    for step in 0...Int((ceiling / tick).rounded()) {
      let value = Double(step) * tick
      svg.line(Self.left, y(value), Self.width - Self.right, y(value), step == 0 ? "axis" : "grid")
      let text = unit == "ms" ? "\(SVG.number(value)) ms" : readable(value, unit: unit)
      svg.text(Self.left - 8, y(value) + 4, text, "tick", anchor: "end")
    }
    Self.seconds(length, y: Self.top + Self.plot, in: &svg)
    for limit in shown {
      svg.line(Self.left, y(limit.value), Self.width - Self.right, y(limit.value), "limit")
      svg.text(Self.width - Self.right, y(limit.value) - 4, limit.name, "limit-name", anchor: "end")
    }
    var place = Self.width - Self.right
    for line in lines.reversed() {
      svg.text(place, 14, line.name, "legend", anchor: "end")
      place -= Double(line.name.count) * 6.6 + 20
      svg.line(place - 2, 10, place + 12, 10, line.style)
      place -= 16
    }
    for line in lines {
      var data = ""
      var isDown = false
      for (time, value) in zip(times, line.values) {
        guard let value else {
          isDown = false
          continue
        }
        data += "\(isDown ? "L" : "M")\(SVG.number(Self.x(time, of: length))) \(SVG.number(y(value)))"
        // A point alone is a dot.
        if !isDown { data += "h0" }
        isDown = true
      }
      if !data.isEmpty { svg.path(data, "line \(line.style)", hint: line.name) }
    }
    let words = lines.map { line in
      let values = line.values.compactMap(\.self)
      guard let low = values.min(), let high = values.max() else { return "\(line.name): nothing" }
      return "\(line.name) between \(readable(low, unit: unit)) and \(readable(high, unit: unit))"
    }
    return svg.element(id: id, title: title, description: words.joined(separator: "; "))
  }

  /// The axis of time.
  static func seconds(_ length: Double, y: Double, in svg: inout SVG) {
    let step = step(for: length, about: 8)
    var at = 0.0
    while at <= length * 1.0001 {
      svg.line(x(at, of: length), y, x(at, of: length), y + 4, "axis")
      svg.text(x(at, of: length), y + 18, "\(SVG.number(at)) s", "tick", anchor: "middle")
      at += step
    }
  }

  /// 1, 2 or 5 times a power of ten, so that about so many of it are the whole.
  static func step(for whole: Double, about count: Double) -> Double {
    guard whole > 0, whole.isFinite else { return 1 }
    var power = 1.0
    while power * 10 <= whole / count { power *= 10 }
    while power > whole / count { power /= 10 }
    return [1.0, 2, 5, 10].map { $0 * power }.first { whole / $0 <= count } ?? power * 10
  }
}
