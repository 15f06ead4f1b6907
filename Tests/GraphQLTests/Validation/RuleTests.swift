import GraphQL
import Testing

/// One mistake a rule is there to find, and what it says. What the rules say of thousands of other documents is compared
/// with another implementation in Differential/.
@Suite struct RuleTests {
  @Test("valid documents have no errors", arguments: RuleCases.valid)
  func valid(text: String) throws {
    #expect(try PetSchema.check(text).map(\.description) == [])
  }

  @Test("a mistake is found where it is", arguments: RuleCases.invalid)
  func invalid(text: String, expected: [String]) throws {
    #expect(try PetSchema.check(text).map(\.description) == expected)
  }

  @Test("after a hundred errors the check gives up and says so")
  func tooMany() throws {
    let errors = try PetSchema.check("{ " + (0..<500).map { "f\($0)" }.joined(separator: " ") + " }")
    #expect(errors.count == 101)
    #expect(errors.last?.message == "Too many validation errors, error limit reached. Validation aborted.")
  }

  @Test("documents made to be slow to check are checked or refused quickly", .timeLimit(.minutes(1)))
  func hostile() throws {
    // Every level doubles what a naive merge of fields would look at.
    let doubling = (0..<300).map {
      "fragment F\($0) on Being { a: related { ...F\($0 + 1) } b: related { ...F\($0 + 1) } }"
    }
    let end = "fragment F300 on Being { name }"
    #expect(
      try PetSchema.check(([#"{ beings(first: 1) { ...F0 } }"#] + doubling + [end]).joined(separator: "\n")).isEmpty)
    // A chain as long as the parser lets pass.
    let chain = (0..<1_200).map { "fragment F\($0) on Being { related { ...F\($0 + 1) } }" }
    let chained = ["{ beings(first: 1) { ...F0 } }"] + chain + ["fragment F1200 on Being { name }"]
    #expect(try PetSchema.check(chained.joined(separator: "\n")).isEmpty)
    // One key a thousand times is no conflict.
    let many = String(repeating: "name ", count: 5_000)
    #expect(try PetSchema.check("{ dog { \(many) } }").isEmpty)
    // A thousand fields that all conflict with each other.
    let conflicts = (0..<1_000).map { "x: name(surname: \($0))" }.joined(separator: " ")
    #expect(try PetSchema.check("{ dog { \(conflicts) } }").count == 101)
    // Fields that need not agree, but so many that finding out takes too long.
    let pairs = String(repeating: "... on Dog { s: barks } ... on Cat { s: meows } ", count: 400)
    #expect(
      try PetSchema.check("{ pet { \(pairs) } }").map(\.description)
        == ["Fields overlap in too many ways to be checked. (1:7)"])
    // Introspection that asks for itself over and over, through fragments.
    let types = (0..<300).map {
      "fragment T\($0) on __Type { x: ofType { ...T\($0 + 1) } y: ofType { ...T\($0 + 1) } }"
    }
    let asked = ["{ __schema { types { ...T0 } } }"] + types + ["fragment T300 on __Type { name }"]
    #expect(try PetSchema.check(asked.joined(separator: "\n")).isEmpty)
  }
}
