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

  /// One process of a run that several share: the `index`th of `count`, from 0.
  package struct Shard: Hashable, Sendable {
    package var index: Int
    package var count: Int

    package static let whole = Shard(index: 0, count: 1)

    /// - Parameter count: at least 1; `index` is below it.
    package init(index: Int, count: Int) {
      self.count = max(1, count)
      self.index = min(max(0, index), self.count - 1)
    }
  }

  /// The row of an iteration, or where there is none (a virtual user's start) of the virtual user.
  ///
  /// Shards take turns: the `n`th of a shard takes the row `n × count + index`, so that no two take the same `unique` one,
  /// whichever of them is ahead.
  /// - Parameters:
  ///   - iteration: counted from 0 within the shard; `nil` before the first.
  ///   - vu: the virtual user's number, from 0 within the shard.
  ///   - seed: of the run; decides what `random` gives.
  /// - Returns: `nil` when a `unique` feeder has no more rows, and for a feeder without any.
  package func row(iteration: Int?, vu: Int, shard: Shard = .whole, seed: UInt64) -> [JSON]? {
    guard !rows.isEmpty else { return nil }
    let (product, overflow) = (iteration ?? vu).magnitude.multipliedReportingOverflow(by: UInt(shard.count))
    let number = overflow ? UInt.max : product.addingReportingOverflow(UInt(shard.index)).partialValue
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
