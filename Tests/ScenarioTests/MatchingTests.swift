import JSON
import Scenario
import Testing

@Suite struct MatchingTests {
  private static let names: [String: JSON] = ["n": 3, "word": "Hi", "ada.id": "a-1"]
  private static let mark = Mark(file: "f", line: 1, column: 1)

  private func judge(_ matcher: Matcher, _ value: JSON?) -> String {
    matcher.evaluate(value) { Self.names[$0] }.explanation ?? "ok"
  }

  private func reference(_ name: String) -> Template { .reference(name, Self.mark) }

  @Test("each operator accepts what it should, and explains what it refuses")
  func operators() {
    #expect(judge(.equals(.literal("Hi")), "Hi") == "ok")
    #expect(judge(.equals(.literal(1)), .double(1)) == "ok")
    #expect(judge(.equals(.literal([1, ["a": 2]])), [.double(1), ["a": 2]]) == "ok")
    #expect(judge(.equals(.literal(1)), "1") == "expected 1, found '1'")
    #expect(judge(.equals(.literal(nil)), nil) == "ok")
    #expect(judge(.equals(.literal("Hi")), nil) == "expected 'Hi', found nothing")
    #expect(judge(.not(.equals(.literal(1))), 1) == "expected anything but 1, found 1")
    #expect(judge(.contains(.literal("i")), "Hi") == "ok")
    #expect(judge(.contains(reference("n")), [1, 3]) == "ok")
    #expect(judge(.contains(.literal("x")), ["y"]) == #"expected something that contains 'x', found ["y"]"#)
    #expect(judge(.matches("^H.$"), "Hi") == "ok")
    #expect(judge(.matches("^x"), "Hi") == "expected a text that matches /^x/, found 'Hi'")
    #expect(judge(.atLeast(reference("n")), 3) == "ok")
    #expect(judge(.greaterThan(reference("n")), 3) == "expected more than 3, found 3")
    #expect(judge(.lessThan(.literal("b")), "a") == "ok")
    #expect(judge(.atMost(.literal(2)), "1") == "expected at most 2, found '1'")
    #expect(judge(.length(.equals(.literal(2))), ["a", "b"]) == "ok")
    #expect(judge(.length(.atMost(.literal(1))), "ab") == "expected a length of at most 1, found length 2: 'ab'")
    #expect(judge(.exists(true), nil) == "expected a value, found nothing")
    #expect(judge(.exists(false), .null) == "ok")
    #expect(judge(.oneOf([.literal(1), .literal(2)]), 3) == "expected one of 1, 2, found 3")
    #expect(judge(.all([.atLeast(.literal(1)), .atMost(.literal(2))]), 3) == "expected at most 2, found 3")
  }

  @Test("a name without a value fails the match and says so, also under 'not'")
  func unknownName() {
    let expected = "expected a value of '${gone}', found none: nothing was captured under that name"
    #expect(judge(.equals(reference("gone")), 1) == expected)
    #expect(judge(.not(.equals(reference("gone"))), 1) == expected)
  }

  @Test("a template alone keeps its type, text around it makes a text")
  func templates() throws {
    func resolved(_ template: Template) throws -> JSON { try template.resolved { Self.names[$0] } }
    #expect(try resolved(reference("n")) == 3)
    #expect(try resolved(.text([.literal("#"), reference("n"), .literal(" "), reference("ada.id")])) == "#3 a-1")
    #expect(try resolved(.array([reference("n"), .literal(1)])) == [3, 1])
    #expect(throws: UnknownReference.self) { try resolved(.object([.init(key: "k", value: reference("gone"))])) }
  }

  @Test("a path goes through objects, by index into lists, and without one through each element")
  func paths() {
    let data: JSON = ["t": ["nodes": [["n": 1, "m": [1, 2]], ["n": 2, "m": [3]], ["x": 1]]]]
    func at(_ path: String) -> JSON? {
      FieldPath(segments: path.split(separator: ".").map(String.init), mark: Self.mark).value(in: data)
    }
    #expect(at("t.nodes.1.n") == 2)
    #expect(at("t.nodes.n") == [1, 2])
    #expect(at("t.nodes.m") == [1, 2, 3])
    #expect(at("t.nodes.7.n") == nil)
    #expect(at("t.x.n") == nil)
  }
}
