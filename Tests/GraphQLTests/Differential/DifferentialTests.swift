import GraphQL
import JSON
import Testing

/// Compares our parser and rules with Python's graphql-core, which follows the reference implementation word for word
/// but for the shape of its quotation marks.
@Suite struct DifferentialTests {
  private static let documents = 250

  @Test("documents are judged as graphql-core judges them", .enabled(if: Reference.isInstalled, "needs graphql-core"))
  func agreesWithReference() throws {
    let schema = try PetSchema.schema.get()
    var generator = DocumentGenerator(schema: schema, seed: 20_250_903)
    let texts = (0..<Self.documents).map { _ in generator.document() }
    let answers = try Reference.judge(PetSchema.sdl, texts)
    try #require(answers.count == texts.count)
    var compared = 0
    var invalid = 0
    var kinds: Set<String> = []
    for (text, answer) in zip(texts, answers) {
      guard let expected = answer else { continue }
      compared += 1
      if !expected.isEmpty { invalid += 1 }
      for message in expected { kinds.insert(Reference.kind(of: message)) }
      let found = try PetSchema.check(text).map { Reference.normalized($0.description) }
      if found == expected { continue }
      let agreed = zip(found, expected).prefix { $0 == $1 }.count
      Issue.record(
        """
        error \(agreed) of \(text)
        ours: \(found.dropFirst(agreed).first ?? "none")
        theirs: \(expected.dropFirst(agreed).first ?? "none")
        """)
    }
    // A generator that writes only nonsense, or only good documents, would prove nothing.
    #expect(compared > Self.documents * 9 / 10)
    #expect(invalid > compared / 5 && invalid < compared * 4 / 5)
    #expect(kinds.count > 20)
  }

  @Test("schemas print as graphql-core prints them", .enabled(if: Reference.isInstalled, "needs graphql-core"))
  func printsAlike() throws {
    for sdl in [PetSchema.sdl, IntrospectionTests.sdl] {
      let ours = try Schema.build([Source(text: sdl)]).sdl
      let theirs = try Reference.ask("print", [.string(sdl)]).first?.string
      #expect(lines(ours) == lines(try #require(theirs)))
    }
  }

  @Test(
    "a client loads from introspection what the SDL says", .enabled(if: Reference.isInstalled, "needs graphql-core"))
  func loads() async throws {
    let answer = try await IntrospectionTests.ask(IntrospectionTests.clientQuery)
    let loaded = try Reference.ask("load", [try #require(answer["data"])]).first?.string
    let printed = try Reference.ask("print", [.string(IntrospectionTests.sdl)]).first?.string
    #expect(lines(try #require(loaded)) == lines(try #require(printed)))
  }

  /// graphql-core orders types by first use, we by definition; the lines are the same.
  private func lines(_ sdl: String) -> [String] { sdl.split(separator: "\n").map(String.init).sorted() }
}
