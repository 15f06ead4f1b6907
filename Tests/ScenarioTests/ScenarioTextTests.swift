import Scenario
import Testing

@Suite("Pieces of a scenario's text")
struct ScenarioTextTests {
  /// What is left when each piece of a level goes alone, the lines that went or changed.
  private func without(_ text: String, level: Int) throws -> [String] {
    let parsed = try #require(ScenarioText(text))
    return parsed.levels[level].map { piece in
      var none: [Int] = []
      let left = parsed.leavingOut([piece], moving: &none).split(separator: "\n").map(String.init)
      let before = text.split(separator: "\n").map(String.init)
      let difference = left.difference(from: before)
      return difference.removals.map { if case .remove(_, let line, _) = $0 { "-\(line)" } else { "" } }.joined(
        separator: "|")
        + difference.insertions.map { if case .insert(_, let line, _) = $0 { "+\(line)" } else { "" } }.joined(
          separator: "|")
    }
  }

  private let text = """
    name: One
    world: { organizations: { acme: [ada, grace], globex: [eve] } }
    # Before the steps.
    steps:
      # Of the first.
      - connect: [ada, "grace"]  # both

      - repeat: 3
        steps:
        - as: ada
          do: viewer
          # within the step
        - { do: page, as: ada, label: here }
      # Of the third.
      - parallel:
          - - do: a
            - do: b
          - [do: c, do: d]
      # At the end of the steps.
    budget: { operations: 3 }
    """

  @Test("a step goes with the comments above it, and no other")
  func steps() throws {
    let outer = try without(text, level: 0)
    #expect(outer.count == 3)
    #expect(outer[0] == "-  # Of the first.|-  - connect: [ada, \"grace\"]  # both")
    #expect(outer[1].hasPrefix("-  - repeat: 3|-    steps:|-    - as: ada") && outer[1].hasSuffix("label: here }"))
    #expect(outer[2].hasPrefix("-  # Of the third.|-  - parallel:") && outer[2].hasSuffix("- [do: c, do: d]"))
    let inner = try without(text, level: 1)
    #expect(
      inner == [
        "-    - as: ada|-      do: viewer|-      # within the step", "-    - { do: page, as: ada, label: here }",
        "-      - - do: a|-        - do: b", "-      - [do: c, do: d]",
      ])
    #expect(
      try without(text, level: 2) == [
        "-      - - do: a|-        - do: b+      - - do: b", "-        - do: b",
        "-      - [do: c, do: d]+      - [do: d]", "-      - [do: c, do: d]+      - [do: c]",
      ])
    #expect(ScenarioText(text)?.stepCount == 9)
  }

  @Test("people, keys that a step can be without, and repetitions go out of the line that they are in")
  func others() throws {
    let levels = try #require(ScenarioText(text)).levels.count
    let world = "-world: { organizations: { acme: [ada, grace], globex: [eve] } }+world: { organizations: { "
    #expect(
      try without(text, level: levels - 3) == [
        "-  - connect: [ada, \"grace\"]  # both+  - connect: [\"grace\"]  # both",
        "-  - connect: [ada, \"grace\"]  # both+  - connect: [ada]  # both", world + "acme: [grace], globex: [eve] } }",
        world + "acme: [ada], globex: [eve] } }", world + "acme: [ada, grace], globex: [] } }",
      ])
    #expect(
      try without(text, level: levels - 2) == [
        "-budget: { operations: 3 }", "-    - { do: page, as: ada, label: here }+    - { do: page, as: ada }",
      ])
    #expect(
      try without(text, level: levels - 1) == [
        world + "globex: [eve] } }", world + "acme: [ada, grace] } }", "-  - repeat: 3+  - repeat: 1",
      ])
  }

  private struct Files: ScenarioFiles {
    func kind(of path: String) -> FileKind { path == "team/actions" ? .folder : .missing }
    func names(in folder: String) -> [String] { [] }
    func read(_ path: String, limit: Int) -> [UInt8]? { nil }
  }

  @Test("in another folder the text names its files anew, and the actions that it found by itself")
  func moved() throws {
    let tail = "\nschema: ../schema.graphqls\ninclude: [a.yaml]\nfeeders: { rows: { file: 'rows.csv' } }\n"
    let moved =
      "\nschema: \"<team/schema.graphqls>\"\ninclude: [\"<team/x/a.yaml>\"]\n"
      + "feeders: { rows: { file: \"<team/x/rows.csv>\" } }\n"
    for (head, wanted) in [
      ("name: x", "actions: \"<team/actions>\"\nname: x"), ("actions: ../own", "actions: \"<team/own>\""),
    ] {
      let text = try #require(ScenarioText(head + tail))
      #expect(text.moved(from: "team/x/scenario.yaml", in: Files()) { "<\($0)>" } == wanted + moved)
    }
  }

  @Test("several pieces go at once, and places that stay are found again, in characters of more than one byte too")
  func together() throws {
    let text = "name: Äther\r\nsteps:\r\n  - { do: ä, as: [a, b, c, d] }\r\n  - do: x\r\n  - do: y\r\n"
    let parsed = try #require(ScenarioText(text))
    var places = [try #require(parsed.stepStart(line: 5, column: 7))]
    let gone = [parsed.levels[0][1]] + parsed.levels[2].enumerated().filter { $0.offset != 2 }.map(\.element)
    let left = parsed.leavingOut(gone, moving: &places)
    #expect(left == "name: Äther\r\nsteps:\r\n  - { do: ä, as: [c] }\r\n  - do: y\r\n")
    #expect(ScenarioText(left)?.stepStart(line: 4, column: 7) == places[0])
    #expect(parsed.piece(parsed.levels[0][2], holds: try #require(parsed.stepStart(line: 5, column: 5))))
  }
}
