import JSON
import Scenario
import Testing

@Suite struct ReadingTests {
  @Test("limits stop what is too deep or too large, at a place")
  func limits() throws {
    let deep = "name: x\nsteps: " + String(repeating: "[", count: 100)
    let problems = try Lab(deep).problems()
    #expect(problems == ["2:71 yaml-syntax"])
    let many = "name: x\ntags: [" + String(repeating: "a,", count: 100_001) + "a]"
    #expect(try Lab(many).load().diagnostics.map(\.code) == [.yamlSyntax])
    var nested = "  - connect: ada\n"
    for _ in 0..<9 {
      nested = "  - repeat: 1\n    steps:\n" + nested.split(separator: "\n").map { "    \($0)\n" }.joined()
    }
    #expect(try Lab(scenario(nested)).load().diagnostics.map(\.code) == [.badValue])
    #expect(try Lab("name: " + String(repeating: "x", count: 70_000)).problems() == ["1:7 yaml-syntax"])
    let references = scenario("  - capture: { x: '\(String(repeating: "${y}", count: 300))' }")
    #expect(try Lab(references).load().diagnostics.map(\.code) == [.badTemplate])
    let large = Lab("name: x\n" + String(repeating: "# filler\n", count: 1 << 18))
    #expect(try large.load().diagnostics.map(\.code) == [.tooLarge])
  }

  @Test("each within each ends in bounded time")
  func bounded() throws {
    var steps = "- { do: createThread, with: { title: x } }"
    for _ in 0..<7 { steps = "- { repeat: 9, steps: [{ each: [ada, grace, eve], steps: [\(steps.dropFirst(2))] }] }" }
    // Seven times deeper than the limit on nesting, and cut there.
    #expect(try !Lab(scenario("  " + steps)).problems().isEmpty)
  }

  @Test("a control character in a file does not reach the terminal, a long line is cut, colours are asked for")
  func rendering() throws {
    let outcome = try Lab("name: x\nna\u{7f}me: x\nsteps: []\n").load()
    #expect(outcome.text().unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0x7f })
    let long = try Lab("name: x\nsteps: [{ mark: a }]\nx\(String(repeating: "y", count: 300)): 1\n").load()
    let lines: [Substring] = long.text().split(separator: "\n")
    #expect(lines.dropFirst().allSatisfy { $0.count < 170 })
    #expect(!long.text().contains("\u{1b}") && long.text(color: true).contains("\u{1b}[1;31merror:"))
  }

  @Test("what is no UTF-8 is an error of the file")
  func encoding() throws {
    struct Bytes: ScenarioFiles {
      func kind(of path: String) -> FileKind { path == "s.yaml" ? .file : .missing }
      func names(in folder: String) -> [String] { [] }
      func read(_ path: String, limit: Int) -> [UInt8]? { [0x6e, 0xff, 0xfe] }
    }
    let outcome = try Lab.loader(Bytes()).load(paths: ["s.yaml"])
    #expect(outcome.diagnostics.map(\.code) == [.unreadable])
  }

  @Test("mutated scenarios never crash the loader, and every place it names is in the file")
  func mutations() throws {
    let seeds = RootedFiles(root: RootedFiles.fixtures).names(in: "broken").filter { $0.hasSuffix(".yaml") }.sorted()
    let texts = seeds.compactMap { RootedFiles(root: RootedFiles.fixtures).read("broken/\($0)", limit: 1 << 20) }
    let fragments = [
      "${", "}", "[", "{", ": ", "- ", "\"", "'", "|\n", "\n  ", "&a ", "*a", "\t", "é", "..", "#", "!x ", "@",
    ]
    var random = Numbers(state: 7)
    var lab = Lab("")
    for _ in 0..<400 {
      var bytes = texts[random.below(texts.count)]
      for _ in 0...random.below(4) {
        let place = random.below(bytes.count + 1)
        switch random.below(3) {
        case 0: bytes.insert(contentsOf: Array(fragments[random.below(fragments.count)].utf8), at: place)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + random.below(12)))
        default: bytes.insert(contentsOf: bytes[0..<min(bytes.count, random.below(80))], at: place)
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      lab.files["s.yaml"] = text
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
      for diagnostic in try lab.load().diagnostics where diagnostic.mark.file == "s.yaml" {
        #expect(diagnostic.mark.line <= lines + 1, "\(diagnostic) in:\n\(text)")
      }
    }
  }
}

/// A small generator of its own (Steele and others' SplitMix64), so that a failure can be repeated.
private struct Numbers {
  var state: UInt64

  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return limit > 0 ? Int((value ^ (value >> 31)) % UInt64(limit)) : 0
  }
}
