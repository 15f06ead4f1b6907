import CAllocations
import World

/// Runs things for a while and says how often they went, in a line beside their baseline.
struct Meter {
  let world: World
  let time: Duration
  /// A part of the names of what is measured.
  let name: String

  private static let turns = 5

  static let heading = row([
    "what", "per second", "each", "MB/s", "allocations", "baseline", "per second", "allocations", "times slower",
  ])

  /// Whether what has this name is asked for.
  func measures(_ name: String) -> Bool { self.name.isEmpty || name.contains(self.name) }

  /// What ran and its baseline; `bytes` is how much each of both reads or writes.
  func compare(
    _ name: String, bytes: Int, _ run: () async throws -> Int, baseline: String, _ base: () async throws -> Int
  ) async throws {
    guard measures(name) else { return }
    var (ours, least) = (0.0, 0.0)
    // By turns, and the best counts: what else the machine does should not.
    for _ in 0..<Self.turns {
      least = max(least, try await rate(base))
      ours = max(ours, try await rate(run))
    }
    print(
      Self.row([
        name, whole(ours), duration(1 / ours), whole(ours * Double(bytes) / 1_000_000), try await allocated(run),
        baseline, whole(least), try await allocated(base), "\((least / ours * 10).rounded() / 10)",
      ]))
  }

  /// Calls a second. What the calls return is added up, so that the optimizer cannot leave them out.
  private func rate(_ run: () async throws -> Int) async throws -> Double {
    var sum = try await run()
    var count = 0
    var batch = 1
    let began = world.clock.now
    var now = began
    while now - began < time / Self.turns {
      for _ in 0..<batch { sum &+= try await run() }
      count += batch
      if now - began < time / 100 { batch *= 2 }
      now = world.clock.now
    }
    if sum == .min { print("") }
    return Double(count) / ((now - began).milliseconds / 1_000)
  }

  /// How often one call asks for memory.
  private func allocated(_ run: () async throws -> Int) async throws -> String {
    let before = allocations()
    _ = try await run()
    return whole(Double(allocations() - before))
  }

  private func whole(_ number: Double) -> String {
    let digits = String(Int(number.rounded()))
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return result
  }

  private func duration(_ seconds: Double) -> String {
    seconds < 0.001
      ? "\((seconds * 10_000_000).rounded() / 10) us" : "\((seconds * 100_000).rounded() / 100) ms"
  }

  private static func row(_ cells: [String]) -> String {
    let widths = [34, 12, 10, 8, 12, 38, 14, 12, 12]
    return zip(cells, widths).enumerated().map { index, cell in
      let space = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
      return index == 0 || index == 5 ? cell.0 + space : space + cell.0
    }.joined(separator: " ")
  }
}
