import JSON
import Scenario
import Testing

/// What `rehearse lint --format` prints for machines.
@Suite struct LintFormatTests {
  private func lint() throws -> LoadedScenarios {
    var lab = Lab("", actions: nil)
    lab.files = [
      "a b/100%,c:.yaml": scenario("  - { as: adda, do: \"5%: a, b\" }"), "good.yaml": scenario("  - connect: ada"),
      "actions/all.graphql": Lab.actions,
    ]
    return try Lab.loader(lab).load(paths: ["a b", "good.yaml"])
  }

  @Test("json tells counts, places and codes, and nothing else")
  func json() throws {
    let value = try JSON.parse(try lint().rendered(as: .json, version: "1"))
    #expect(value["version"] == 1 && value["files"] == 2 && value["scenarios"] == 1 && value["errors"] == 2)
    let first: JSON = [
      "file": "a b/100%,c:.yaml", "line": 4, "column": 11, "endColumn": 15, "severity": "error",
      "code": "unknown-actor", "message": "There is no actor 'adda'. Did you mean 'ada'?",
    ]
    #expect(value["diagnostics"]?[0] == first)
  }

  @Test("workflow commands escape what their reader takes for syntax, in properties and in the message")
  func github() throws {
    let lines = try lint().rendered(as: .github, version: "1").split(separator: "\n")
    try #require(lines.count == 2)
    let place = "::error file=a b/100%25%2Cc%3A.yaml,line=4,col="
    #expect(lines[0] == "\(place)11,endColumn=15,title=unknown-actor::There is no actor 'adda'. Did you mean 'ada'?")
    #expect(lines[1].hasPrefix("\(place)21,endColumn=31,title=unknown-action::There is no action '5%25: a, b' in"))
  }

  @Test("SARIF 2.1.0 has a rule for each kind, and URIs for files")
  func sarif() throws {
    let value = try JSON.parse(try lint().rendered(as: .sarif, version: "1.2"))
    #expect(value["version"] == "2.1.0")
    let run = try #require(value["runs"]?[0])
    let rules = run["tool"]?["driver"]?["rules"]?.array?.compactMap { $0["id"]?.string } ?? []
    #expect(rules == ["unknown-actor", "unknown-action"])
    for result in run["results"]?.array ?? [] {
      #expect(result["ruleId"]?.string == rules[Int(result["ruleIndex"]?.int ?? 9)])
      let place = result["locations"]?[0]?["physicalLocation"]
      #expect(place?["artifactLocation"]?["uri"] == "a%20b/100%25,c%3A.yaml")
      #expect(place?["region"]?["startLine"] == 4)
    }
  }

  @Test("without a mistake the machine formats are complete and empty", arguments: LintFormat.allCases)
  func clean(_ format: LintFormat) throws {
    let text = try Lab(scenario("  - connect: ada")).load().rendered(as: format, version: "1")
    switch format {
    case .json: #expect(try JSON.parse(text)["diagnostics"] == [])
    case .sarif: #expect(try JSON.parse(text)["runs"]?[0]?["results"] == [])
    case .text, .github: #expect(text == "")
    }
  }
}
