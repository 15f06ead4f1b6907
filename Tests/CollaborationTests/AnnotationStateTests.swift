import Collaboration
import GraphQL
import JSON
import Testing

@Suite("Annotations on pages that change") struct AnnotationStateTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var anchor = Anchor(selector: "#price")
    var page: [PageElement] = []
    var expected: Reanchored

    init(_ name: String, _ page: [PageElement], _ expected: Reanchored, _ change: (inout Anchor) -> Void = { _ in }) {
      testDescription = name
      self.page = page
      self.expected = expected
      anchor.quotedText = "per seat"
      change(&anchor)
    }
  }

  static func element(_ selector: String, _ text: String = "", _ ids: [String] = []) -> PageElement {
    PageElement(selector: selector, ids: ids, text: text)
  }

  static let cases: [Case] = [
    Case("the element with the text is where it was", [element("#price", "$5  per\n seat")], .anchored),
    Case("without a quote the element is enough", [element("#price")], .anchored) { $0.quotedText = nil },
    Case("the text is gone", [element("#price", "per month")], .orphaned),
    Case("the page is empty", [], .orphaned),
    Case("without a quote and element there is nothing to look for", [element("p", "x")], .orphaned) {
      $0.quotedText = nil
    },
    Case(
      "an element of another name at the same place is another one",
      [element("#price", "per seat", ["b"]), element("p", "$5 per seat", ["a"])], .moved(selector: "p")
    ) { $0.ids = ["a"] },
    Case(
      "the surest name comes first", [element("p", "per seat", ["b"]), element("q", "per seat", ["a"])],
      .moved(selector: "q")
    ) { $0.ids = ["a", "b"] },
    Case(
      "a name whose element lost the text leads on to the text",
      [element("p", "gone", ["a"]), element("q", "per seat")], .moved(selector: "q")
    ) { $0.ids = ["a"] },
    Case(
      "of elements within each other it is the innermost",
      [
        element("body", "Prices: 5 per seat, billed"), element("main", "5 per seat, billed"),
        element("b", "5 per seat"),
      ],
      .moved(selector: "b")),
    Case(
      "of two passages it is the one with the surroundings",
      [element("p", "free per seat and year"), element("q", "5 per seat and month")], .moved(selector: "q")
    ) { ($0.textBefore, $0.textAfter) = ("costs 5", "and month") },
    Case(
      "two passages that are equally like are none", [element("p", "5 per seat"), element("q", "6 per seat")], .orphaned
    ),
    Case(
      "twice in one element is that element", [element("p", "per seat per seat")], .moved(selector: "p")),
  ]

  @Test("a place is found again by selector, names, then text", arguments: cases)
  func rules(_ given: Case) {
    #expect(PageSnapshot(given.page).find(given.anchor) == given.expected)
  }

  static let report = """
    mutation($id: ID!, $state: AnnotationState!, $selector: String, $x: Float, $expected: AnnotationState) {
      reportAnnotation(input: {annotationId: $id, state: $state, selector: $selector, x: $x, expectedState: $expected}) {
        annotation { state selector x stateChangedAt } userErrors { code field } } }
    """

  @Test("a report changes the state once, reaches everybody on the page, and is refused when it makes no sense")
  func reports() async throws { try await Self.checkReports(TestServer()) }

  static func checkReports(_ server: TestServer) async throws {
    let (ada, grace) = (try await server.login("ada"), try await server.login("grace"))
    let (_, page) = try await ada.makeThread()
    let create = """
      mutation($page: ID!, $width: Float, $ids: [String!], $before: String) {
        createAnnotation(input: {pageId: $page, selector: "#price", x: 0.5, y: 0.5, width: $width, height: 0.5, body: "b",
          elementIds: $ids, textBefore: $before, quotedText: "per seat"}) {
          annotation { id state width elementIds textBefore
            reanchored(elements: [{selector: "p", text: "5 per seat"}]) { state selector } }
          userErrors { code field } } }
      """
    let variables: JSONObject = ["page": .string(page), "width": 0.25, "ids": ["a"], "before": "5"]
    let made = try await ada.run(create, variables)["createAnnotation"]?["annotation"]
    let id = try #require(made?["id"])
    #expect(made?["state"] == "ANCHORED" && made?["width"] == 0.25 && made?["elementIds"] == ["a"])
    #expect(made?["reanchored"] == ["state": "MOVED", "selector": "p"])
    for (name, value, field) in [
      ("width", JSON.double(0.75), ["input", "width"]),
      ("ids", .array(Array(repeating: "x", count: 11)), ["input", "elementIds"]),
      ("ids", ["x", " "], ["input", "elementIds", "1"]),
      ("before", .string(String(repeating: "x", count: 201)), ["input", "textBefore"]),
    ] {
      var wrong = variables.members.filter { $0.key != name }
      wrong.append((key: name, value: value))
      let errors = try await ada.run(create, JSONObject(wrong))["createAnnotation"]?["userErrors"]
      #expect(errors?[0]?["field"] == .array(field.map(JSON.string)), "\(name)")
    }
    let inbox = try await grace.subscribe(
      "subscription($page: ID!) { annotationChanged(pageId: $page) { id state selector } }", ["page": .string(page)])
    func tell(_ state: JSON, _ more: JSONObject = [:]) async throws -> JSON? {
      try await grace.run(
        report, JSONObject([("id", id), ("state", state)] + more.members.map { ($0.key, $0.value) }))[
          "reportAnnotation"]
    }
    #expect(try await tell("ANCHORED")?["annotation"]?["stateChangedAt"] == .null)
    let moved = try await tell("MOVED", ["selector": "p", "x": 0.25])
    #expect(moved?["annotation"]?["selector"] == "p" && moved?["annotation"]?["x"] == 0.25)
    _ = try await tell("MOVED", ["selector": "p"])
    #expect(try await tell("ORPHANED", ["expected": "ANCHORED"])?["userErrors"]?[0]?["code"] == "CONFLICT")
    for (state, more, field) in [
      ("MOVED", [:], "selector"), ("ORPHANED", ["selector": "p"], "state"),
      ("MOVED", ["selector": "p", "x": 0.9], "x"),
    ] as [(JSON, JSONObject, JSON)] {
      let errors = try await tell(state, more)?["userErrors"]
      #expect(errors?[0]?["code"] == "INVALID" && errors?[0]?["field"] == ["input", field])
    }
    _ = try await tell("ORPHANED")
    await server.service.fence()
    // Events name rows: who gets one sees the annotation as it is then.
    #expect(inbox.responses.count == 2)
    #expect(inbox.responses.last?["data"]?["annotationChanged"]?["state"] == "ORPHANED")
    await server.stop()
  }
}
