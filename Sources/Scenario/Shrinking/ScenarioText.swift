private import JSON

/// The text of a scenario's file, and what of it can be left out, so that what stays keeps its comments and its layout.
package struct ScenarioText: Sendable {
  /// One element of a list, or one entry of a mapping, that may be left out; of a number, whether it may be 1.
  package struct Piece: Hashable, Sendable {
    fileprivate let container: Int
    fileprivate let item: Int
  }

  /// Pieces of the same kind: none is within another of the same level.
  package typealias Level = [Piece]

  private struct Item {
    /// From its first character, which may be its dash, to the end of its value.
    var start: Int
    var end: Int
    /// What goes with it where lines are cut: comments above it, and everything up to what follows.
    var cut: Range<Int>
  }

  private struct Container {
    var isFlow = false
    var items: [Item]
    /// What stands in the place of what is left out.
    var replacement = ""
  }

  package let text: String
  /// How many steps there are, those within others too.
  package private(set) var stepCount = 0
  /// What can be left out: lists of steps from the outermost in, who takes them, and what is declared.
  package private(set) var levels: [Level] = []

  private let root: YAMLNode
  private let scalars: [Unicode.Scalar]
  private let lineStarts: [Int]
  private var containers: [Container] = []
  private var stepStarts: [Range<Int>] = []

  /// - Returns: `nil` for what is no mapping in YAML.
  package init?(_ text: String) {
    var reader = YAMLReader()
    guard let root = try? reader.read(text), root.entries != nil else { return nil }
    self.text = text
    self.root = root
    let scalars = Array(text.unicodeScalars)
    self.scalars = scalars
    lineStarts = [0] + scalars.indices.filter { scalars[$0] == "\n" }.map { $0 + 1 }
    gather()
  }

  /// The text without some of its pieces.
  /// - Parameter places: offsets in the text that stay; moved to where they then are.
  package func leavingOut(_ pieces: some Sequence<Piece>, moving places: inout [Int]) -> String {
    var edits: [(range: Range<Int>, text: String)] = []
    for (number, pieces) in Dictionary(grouping: pieces, by: \.container).sorted(by: { $0.key < $1.key }) {
      let container = containers[number]
      let gone = Set(pieces.map(\.item))
      for item in gone.sorted() {
        let items = container.items
        guard container.isFlow else {
          edits.append((items[item].cut, container.replacement))
          continue
        }
        // A comma goes with what it follows, or at the beginning with what it precedes.
        if let before = (0..<item).last, (0..<item).contains(where: { !gone.contains($0) }) {
          edits.append((items[before].end..<items[item].end, ""))
        } else {
          edits.append((items[item].start..<(item + 1 < items.count ? items[item + 1].start : items[item].end), ""))
        }
      }
    }
    return apply(edits, moving: &places)
  }

  private func apply(_ edits: [(range: Range<Int>, text: String)], moving places: inout [Int]) -> String {
    var result = String.UnicodeScalarView()
    var position = 0
    let old = places
    for (range, text) in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
    where range.upperBound > position || range.isEmpty {
      let start = max(position, range.lowerBound)
      result.append(contentsOf: scalars[position..<start])
      result.append(contentsOf: text.unicodeScalars)
      for (index, place) in old.enumerated() where place >= range.upperBound {
        places[index] += text.unicodeScalars.count - (range.upperBound - start)
      }
      position = range.upperBound
    }
    result.append(contentsOf: scalars[position...])
    return String(result)
  }

  /// Where the innermost step begins that a place, counted from 1, stands in.
  package func stepStart(line: Int, column: Int) -> Int? {
    guard lineStarts.indices.contains(line - 1) else { return nil }
    let place = lineStarts[line - 1] + column - 1
    return stepStarts.last { $0.contains(place) }?.lowerBound
  }

  /// Whether leaving out a piece would take a place with it.
  package func piece(_ piece: Piece, holds place: Int) -> Bool {
    let item = containers[piece.container].items[piece.item]
    return containers[piece.container].replacement.isEmpty && item.start <= place && place < item.end
  }

  /// The text as it must be to mean the same in another folder.
  /// - Parameters:
  ///   - file: where the text was read.
  ///   - name: how a file or folder is called from there, by the path by which it was read.
  package func moved(from file: String, in files: any ScenarioFiles, _ name: (String) -> String) -> String {
    let folder = Paths.folder(of: file)
    var nodes = [root["actions"], root["schema"]].compactMap(\.self)
    if let list = root["include"] { nodes += list.elements ?? [list] }
    for feeder in root["feeders"]?.entries ?? [] { if let node = feeder.value["file"] { nodes.append(node) } }
    var edits = nodes.compactMap { node -> (range: Range<Int>, text: String)? in
      guard let text = node.scalar?.text, !text.isEmpty, node.start < node.end else { return nil }
      return (node.start..<node.end, Self.quoted(name(Paths.simplified(Paths.join(folder, text)))))
    }
    if root["actions"] == nil, let first = root.entries?.first {
      let actions = ActionFolder.nearest(to: folder, files, LoadLimits())
      let separator = scalars[root.start] == "{" ? ", " : "\n"
      if let actions {
        edits.append((first.keyNode.start..<first.keyNode.start, "actions: \(Self.quoted(name(actions)))\(separator)"))
      }
    }
    var places: [Int] = []
    return apply(edits, moving: &places)
  }

  private static func quoted(_ text: String) -> String { JSON.string(text).text }

  // Gathering

  private mutating func gather() {
    var lists: [[YAMLNode]] = []
    func add(_ list: YAMLNode?, _ depth: Int) {
      guard let list, let elements = list.elements else { return }
      while lists.count <= depth + 1 { lists.append([]) }
      lists[depth].append(list)
      for step in elements {
        add(step["steps"], depth + 1)
        guard let branches = step["parallel"], branches.elements != nil else { continue }
        lists[depth + 1].append(branches)
        for branch in branches.elements ?? [] { add(branch, depth + 2) }
      }
    }
    add(root["steps"], 0)
    for flow in root["flows"]?.entries ?? [] { add(flow.value["steps"], 1) }
    for depth in lists { levels.append(depth.flatMap { pieces(of: $0) }) }
    var steps: [YAMLNode] = []
    // A list of branches holds lists, which are no steps.
    for list in lists.joined() { steps += (list.elements ?? []).filter { $0.elements == nil } }
    stepCount = steps.count
    stepStarts = steps.map { $0.start..<max($0.end, $0.start + 1) }.sorted { $0.lowerBound < $1.lowerBound }
    levels.append(steps.flatMap { who(in: $0) } + homes.flatMap { pieces(of: $0) })
    let wholes = ["actors", "feeders", "flows", "include", "budget", "server"]
    levels.append(pieces(of: root, only: wholes) + steps.flatMap { pieces(of: $0, only: optional($0)) })
    levels.append(
      ["actors", "feeders", "flows", "include"].compactMap { root[$0] }.flatMap { pieces(of: $0) }
        + [root["world"]?["organizations"]].compactMap(\.self).flatMap { pieces(of: $0) }
        + steps.compactMap { $0["capture"] }.flatMap { pieces(of: $0) } + steps.flatMap { once($0) })
  }

  /// Lists of users.
  private var homes: [YAMLNode] {
    (root["world"]?["organizations"]?.entries ?? []).compactMap {
      $0.value.elements == nil ? $0.value["users"] : $0.value
    }
  }

  /// Lists of those who take a step.
  private mutating func who(in step: YAMLNode) -> Level {
    let lists = ["as", "connect", "disconnect", "each"].compactMap { step[$0] } + [step["disconnect"]?["actor"]]
    return lists.compactMap(\.self).filter { $0.elements != nil }.flatMap { pieces(of: $0) }
  }

  /// Keys without which a step is still one.
  private func optional(_ step: YAMLNode) -> [String] {
    let isVerb = (step.entries ?? []).filter { StepFormat.verbNames.contains($0.key) }.count == 1
    return isVerb && step["capture"] != nil ? ["label", "budget"] : ["label", "budget", "capture"]
  }

  /// That a step is repeated.
  private mutating func once(_ step: YAMLNode) -> Level {
    guard let number = step["repeat"], number.scalar?.text != "1", number.start < number.end else { return [] }
    let item = Item(start: number.start, end: number.end, cut: number.start..<number.end)
    containers.append(Container(items: [item], replacement: "1"))
    return [Piece(container: containers.count - 1, item: 0)]
  }

  /// - Parameter keys: the entries of a mapping that may be left out; `nil` is all.
  private mutating func pieces(of node: YAMLNode, only keys: [String]? = nil) -> Level {
    let isFlow = scalars.indices.contains(node.start) && "[{".unicodeScalars.contains(scalars[node.start])
    var parts: [(start: Int, end: Int, key: String)] = []
    for element in node.elements ?? [] {
      parts.append((isFlow ? element.start : dash(before: element, of: node), element.end, ""))
    }
    for entry in node.entries ?? [] { parts.append((entry.keyNode.start, entry.value.end, entry.key)) }
    guard !parts.isEmpty else { return [] }
    var items: [Item] = []
    for (index, part) in parts.enumerated() {
      let following = index + 1 < parts.count ? parts[index + 1].start : nil
      let owns = ownsLine(part.start)
      let from = owns ? blockStart(part.start) : part.start
      let to = following.map { owns ? blockStart($0) : $0 } ?? blockEnd(node, part.start)
      items.append(Item(start: part.start, end: max(part.end, part.start), cut: from..<max(from, to)))
    }
    containers.append(Container(isFlow: isFlow, items: items))
    return parts.indices.filter { keys?.contains(parts[$0].key) ?? true }
      .map { Piece(container: containers.count - 1, item: $0) }
  }

  private func line(of place: Int) -> Int { (lineStarts.lastIndex { $0 <= place }) ?? 0 }

  private func text(ofLine line: Int) -> ArraySlice<Unicode.Scalar> {
    scalars[lineStarts[line]..<(line + 1 < lineStarts.count ? lineStarts[line + 1] : scalars.count)]
  }

  /// The dash of an element of a list in lines.
  private func dash(before element: YAMLNode, of list: YAMLNode) -> Int {
    for line in stride(from: line(of: element.start), through: 0, by: -1) {
      let place = lineStarts[line] + list.column - 1
      if place <= element.start, scalars.indices.contains(place), scalars[place] == "-" { return place }
    }
    return element.start
  }

  private func ownsLine(_ place: Int) -> Bool {
    scalars[lineStarts[line(of: place)]..<place].allSatisfy { $0 == " " }
  }

  /// The start of the line, or of the comments directly above it that are as far in.
  private func blockStart(_ place: Int) -> Int {
    guard ownsLine(place) else { return place }
    var line = line(of: place)
    let column = place - lineStarts[line]
    while line > 0, commentColumn(line - 1) == column { line -= 1 }
    return lineStarts[line]
  }

  /// Where the last item of lines ends: empty lines, and comments that are no further in, are not part of it.
  private func blockEnd(_ node: YAMLNode, _ start: Int) -> Int {
    let column = start - lineStarts[line(of: start)]
    guard node.end < scalars.count else { return scalars.count }
    var line = line(of: node.end)
    while line > self.line(of: start) + 1,
      text(ofLine: line - 1).allSatisfy(\.properties.isWhitespace)
        || commentColumn(line - 1).map({ $0 <= column }) == true
    {
      line -= 1
    }
    return max(lineStarts[line], start)
  }

  /// Where the comment begins that is all that a line holds.
  private func commentColumn(_ line: Int) -> Int? {
    let text = text(ofLine: line)
    guard let first = text.firstIndex(where: { $0 != " " }), text[first] == "#" else { return nil }
    return first - text.startIndex
  }
}
