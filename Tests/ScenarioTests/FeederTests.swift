import JSON
import Scenario
import Testing

@Suite struct FeederTests {
  private static func feeder(_ order: String, rows: Int = 5, file: String? = nil) throws -> Feeder {
    var lab = Lab(
      "feeders: { people: { file: people.csv, order: \(order)\(file == nil ? ", types: { n: number }" : "") } }\n"
        + scenario("  - { each: people, steps: [{ mark: m }] }"))
    lab.files["people.csv"] = file ?? "n\n" + (0..<rows).map { "\($0)\n" }.joined()
    let outcome = try lab.load()
    #expect(outcome.text() == "")
    return try #require(outcome.scenarios.first?.feeders.first)
  }

  private static func number(_ row: [JSON]?) -> Int64? { row?.first?.int }

  @Test("CSV is read as RFC 4180 says")
  func csv() throws {
    let text = "\u{feff}n,b\r\n1,\"x, \"\"y\"\"\"\r\n\r\n,\"two\nlines\"\r\n\" 3 \", z "
    let feeder = try Self.feeder("sequential", file: text)
    #expect(feeder.columns == ["n", "b"])
    #expect(feeder.rows == [["1", "x, \"y\""], ["", "two\nlines"], [" 3 ", " z "]])
  }

  @Test("sequential rows begin again, unique ones end")
  func orders() throws {
    let sequential = try Self.feeder("sequential")
    #expect((0..<7).map { Self.number(sequential.row(iteration: $0, vu: 9, seed: 1)) } == [0, 1, 2, 3, 4, 0, 1])
    #expect(Self.number(sequential.row(iteration: nil, vu: 3, seed: 1)) == 3)
    let unique = try Self.feeder("unique")
    #expect((3..<6).map { Self.number(unique.row(iteration: $0, vu: 0, seed: 1)) } == [3, 4, nil])
    #expect(unique.row(iteration: .max, vu: 0, seed: 1) == nil)
  }

  @Test("random rows are decided by the seed, and all come")
  func random() throws {
    let feeder = try Self.feeder("random")
    func draw(_ seed: UInt64) -> [Int64?] {
      (0..<100).map { Self.number(feeder.row(iteration: $0, vu: 0, seed: seed)) }
    }
    #expect(draw(7) == draw(7) && draw(7) != draw(8))
    #expect(Set(draw(7)) == [0, 1, 2, 3, 4])
  }
}
