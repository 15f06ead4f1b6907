import Scenario
import Testing

/// The lint's proof that barriers open, held against every order in which branches can run.
@Suite struct BarrierTests {
  /// Whether branches that wait at these barriers all come to their end, by trying every state that can be reached.
  private static func ends(_ branches: [[Int]]) -> Bool {
    func members(_ barrier: Int) -> [Int] { branches.indices.filter { branches[$0].contains(barrier) } }
    var seen: Set<[Int]> = []
    var open = [branches.map { _ in 0 }]
    while let state = open.popLast() {
      guard seen.insert(state).inserted else { continue }
      var next: [[Int]] = []
      for barrier in Set(branches.flatMap(\.self)) {
        let members = members(barrier)
        guard members.allSatisfy({ state[$0] < branches[$0].count && branches[$0][state[$0]] == barrier }) else {
          continue
        }
        var after = state
        for member in members { after[member] += 1 }
        next.append(after)
      }
      if next.isEmpty, state != branches.map(\.count) { return false }
      open += next
    }
    return true
  }

  /// Branches of up to three of three barriers, each at most once.
  private static let orders: [[Int]] = {
    var orders: [[Int]] = [[]]
    for _ in 0..<3 {
      orders += orders.flatMap { order in (0..<3).filter { !order.contains($0) }.map { order + [$0] } }
    }
    return Array(Set(orders)).sorted { ($0.count, "\($0)") < ($1.count, "\($1)") }
  }()

  @Test("a scenario is refused exactly when some order of its branches waits for ever")
  func proof() throws {
    var files: [String: String] = [:]
    var verdicts: [String: Bool] = [:]
    for (a, first) in Self.orders.enumerated() {
      for (b, second) in Self.orders.enumerated() {
        for (c, third) in Self.orders.enumerated() where a <= b && b <= c {
          let branches = [first, second, third]
          // A barrier that only one branch names is a mistake of its own.
          let isShared = (0..<3).allSatisfy { barrier in branches.count { $0.contains(barrier) } != 1 }
          guard isShared else { continue }
          let steps = branches.map { branch in
            "      - [\((["{ mark: m }"] + branch.map { "{ barrier: b\($0) }" }).joined(separator: ", "))]\n"
          }
          let name = "\(a)-\(b)-\(c).yaml"
          files[name] = scenario("  - parallel:\n" + steps.joined().replacing("mark: m", with: "capture: { m: 1 }"))
          verdicts[name] = Self.ends(branches)
        }
      }
    }
    var lab = Lab("", actions: nil)
    lab.files = files
    let outcome = try Lab.loader(lab).load(paths: files.keys.sorted())
    let refused = Set(outcome.diagnostics.filter { $0.code == .deadlock }.map(\.mark.file))
    #expect(outcome.diagnostics.allSatisfy { $0.code == .deadlock })
    #expect(verdicts.count > 300 && verdicts.values.contains(false))
    for (name, ends) in verdicts { #expect(refused.contains(name) == !ends, "\(files[name] ?? "")") }
  }
}
