import Collaboration
import JSON
import Testing
import World

@Suite("Content") struct ContentTests {
  static let ada = ID(high: 1, low: 1)

  static func read(_ nodes: JSON) -> (content: Content?, errors: [UserError]) {
    var reader = InputReader(["content": nodes])
    let content = Content(reader["content"], into: &reader)
    return (content, reader.errors)
  }

  @Test("every kind of node survives being stored")
  func stored() throws {
    let input: JSON = [
      ["text": "Hello "], ["mention": .string(Self.ada.description)], ["link": ["url": "https://a.example/x"]],
      ["link": ["url": "mailto:ada@a.example", "text": "mail"]], ["code": ["code": "let x = 1", "language": "swift"]],
      ["code": ["code": ""]], ["mention": .string(Self.ada.description)],
    ]
    let content = try #require(Self.read(input).content)
    #expect(content.nodes.count == 7)
    #expect(Content(stored: content.stored) == content)
    #expect(content.mentionedUsers == [Self.ada])
    #expect(content.plainText { _ in "Ada" } == "Hello @Adahttps://a.example/xmaillet x = 1@Ada")
  }

  @Test("a node of a later version is left out rather than spoiling the message")
  func unknownNode() {
    #expect(Content(stored: #"[{"type":"hologram"},{"type":"text","text":"a"}]"#).nodes == [.text("a")])
  }

  @Test(
    "faults are told with the way to them",
    arguments: [
      ([], "INVALID", ["input", "content"]),
      ([["text": " \n"]], "INVALID", ["input", "content"]),
      ([["text": "a"], ["text": "b\u{0}"]], "INVALID", ["input", "content", "1", "text"]),
      ([["link": ["url": "javascript:alert(1)"]]], "INVALID", ["input", "content", "0", "link", "url"]),
      ([["link": ["url": "https://"]]], "INVALID", ["input", "content", "0", "link", "url"]),
      ([["link": ["url": "https://a b"]]], "INVALID", ["input", "content", "0", "link", "url"]),
      ([["mention": "ada"]], "CANNOT_MENTION", ["input", "content", "0", "mention"]),
      ([["text": .string(String(repeating: "x", count: 20_001))]], "TOO_LARGE", ["input", "content", "0", "text"]),
      (
        [
          ["text": .string(String(repeating: "x", count: 15_000))],
          ["text": .string(String(repeating: "y", count: 6000))],
        ],
        "TOO_LARGE", ["input", "content"]
      ),
      (JSON.array(Array(repeating: ["text": "x"], count: 201)), "TOO_LARGE", ["input", "content"]),
      ([[:]], "INVALID", ["input", "content", "0"]),
    ] as [(JSON, String, [String])])
  func faults(nodes: JSON, code: String, field: [String]) {
    let (content, errors) = Self.read(nodes)
    #expect(content == nil)
    #expect(errors.first?.code.rawValue == code)
    #expect(errors.first?.field == field)
  }

  @Test("at most 50 people can be mentioned at once")
  func mentionLimit() {
    let nodes = (0..<51).map { index -> JSON in ["mention": .string(ID(high: 1, low: UInt64(index)).description)] }
    #expect(Self.read(.array(Array(nodes.dropLast()))).content != nil)
    #expect(Self.read(.array(nodes)).errors.first?.code == .tooLarge)
  }
}
