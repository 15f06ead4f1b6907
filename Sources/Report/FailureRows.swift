internal import Scenario
internal import Swarm

/// One line of what a failure tells. The terminal, JUnit, HTML and GitHub all show these, each in its dress.
struct FailureRow {
  enum Tone { case plain, good, bad, dim }

  /// What the line is about; empty when it goes on with the one above.
  var label: String
  var text: String
  var tone = Tone.plain

  /// Label and text in two columns.
  var line: String { label + String(repeating: " ", count: max(1, Self.width - label.count)) + text }

  private static let width = 10
}

extension Failure {
  var rows: [FailureRow] {
    var rows: [FailureRow] = []
    add("expected", (expected ?? "").split(separator: "\n").map { (String($0), .good) }, to: &rows)
    if let seen { rows.append(FailureRow(label: "seen", text: seen, tone: .bad)) }
    if let cause {
      let place = cause.mark.file == mark.file ? "line \(cause.mark.line)" : cause.mark.description
      rows.append(FailureRow(label: "cause", text: "\(cause.text) (\(place)), \(clock(cause.time)) after the start"))
    }
    add("nearest", misses.flatMap(lines), to: &rows)
    add("response", misses.filter { $0.offset == nil }.map { ($0.event, .dim) }, to: &rows)
    add("events", timeline, to: &rows)
    add("details", details.map { ($0, .plain) }, to: &rows)
    return rows
  }

  /// As plain text: place and message, then the rows.
  var lines: [String] { ["\(mark): \(message)"] + rows.map(\.line) }

  private func add(_ label: String, _ lines: [(String, FailureRow.Tone)], to rows: inout [FailureRow]) {
    for (index, line) in lines.enumerated() {
      rows.append(FailureRow(label: index == 0 ? label : "", text: line.0, tone: line.1))
    }
  }

  private func lines(of miss: Miss) -> [(String, FailureRow.Tone)] {
    // The first field of a response is what was expected and seen.
    let fields = miss.offset == nil ? miss.fields.dropFirst() : miss.fields[...]
    let head = miss.offset.map { signed($0) + "  " } ?? ""
    var lines: [(String, FailureRow.Tone)] = []
    for field in fields {
      let margin = lines.isEmpty ? head : String(repeating: " ", count: head.count)
      lines.append(("\(margin)\(field.path): expected \(field.expected), seen \(field.seen)", .plain))
    }
    if miss.offset != nil, !recent.contains(where: { $0.event == miss.event && $0.offset == miss.offset }) {
      lines.append((String(repeating: " ", count: head.count) + miss.event, .dim))
    }
    return lines
  }

  /// What came, with the cause and the deadline in their places; times count from the cause.
  private var timeline: [(String, FailureRow.Tone)] {
    if recent.isEmpty { return [] }
    var table = Table([.right, .left, .left])
    var tones: [FailureRow.Tone] = []
    func add(_ cells: [String], _ tone: FailureRow.Tone) {
      table.add(cells)
      tones.append(tone)
    }
    if earlier > 0 { add(["…", "\(earlier) earlier"], .dim) }
    var cause = recent.contains { $0.offset < .zero } ? cause : nil
    var deadline = deadline
    func addMarkers(before offset: Duration?) {
      if let step = cause?.text, offset.map({ $0 >= .zero }) ?? true {
        add(["0 ms", "cause", step], .plain)
        cause = nil
      }
      if let limit = deadline, offset.map({ $0 > limit }) ?? true {
        add([signed(limit), "deadline"], .plain)
        deadline = nil
      }
    }
    for event in recent {
      addMarkers(before: event.offset)
      let isGood = event.fate == .matched
      add([signed(event.offset), event.fate.text(for: mark), event.event], isGood ? .good : .dim)
    }
    addMarkers(before: nil)
    return zip(table.lines(), tones).map { ($0, $1) }
  }
}

/// How long before or after the cause.
func signed(_ offset: Duration) -> String {
  (offset < .zero ? "-" : "+") + clock(offset < .zero ? .zero - offset : offset)
}

/// As precise as it is of use: `4.2 ms`, `812 ms`, `4.20 s`.
func clock(_ duration: Duration) -> String {
  duration < .milliseconds(10)
    ? fixed(Double(duration.components.attoseconds) / 1e15, digits: 1) + " ms" : readable(duration)
}
