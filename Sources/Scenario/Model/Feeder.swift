package import JSON

/// Rows of a file that virtual users, or the turns of an `each`, take one after the other.
package struct Feeder: Sendable {
  package enum Order: String, CaseIterable, Sendable {
    /// From the first to the last, and again.
    case sequential
    /// Any, again and again; which is decided by the seed.
    case random
    /// From the first to the last, each once in the whole run.
    case unique
  }

  package var name: String
  package var order: Order
  package var columns: [String]
  /// Each as long as `columns`.
  package var rows: [[JSON]]
  package var mark: Mark

  /// The row of an iteration, or where there is none (a virtual user's start) of the virtual user.
  ///
  /// Numbers are those of the whole run, of which shards have each their own: so no two take the same `unique` row.
  /// - Parameters:
  ///   - iteration: counted from 0; `nil` before the first.
  ///   - vu: the virtual user's number, from 0.
  ///   - seed: of the run; decides what `random` gives.
  /// - Returns: `nil` when a `unique` feeder has no more rows, and for a feeder without any.
  package func row(iteration: Int?, vu: Int, seed: UInt64) -> [JSON]? {
    guard !rows.isEmpty else { return nil }
    let number = UInt((iteration ?? vu).magnitude)
    switch order {
    case .sequential: return rows[Int(number % UInt(rows.count))]
    case .unique: return number < UInt(rows.count) ? rows[Int(number)] : nil
    case .random:
      // Starts and iterations are streams of their own.
      let stream = Self.mixed(seed ^ Self.hash(name) ^ (iteration == nil ? 0x5bd1_e995 : 0))
      return rows[Int(Self.mixed(stream &+ UInt64(number)) % UInt64(rows.count))]
    }
  }

  /// What `${feeder.column}` stands for, with one row.
  package func values(of row: [JSON]) -> [(name: String, value: JSON)] {
    zip(columns, row).map { (name: "\(name).\($0)", value: $1) }
  }

  /// The finalizer of SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// FNV-1a: names must give the same numbers in every process.
  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}
