/// One part of a load that several processes share: iterations, parties and users are divided without overlap.
package struct Shard: Hashable, Sendable, CustomStringConvertible {
  package static let whole = Shard(index: 0, count: 1)
  /// The most parts.
  package static let limit = 10_000

  /// From 0.
  package let index: Int
  package let count: Int

  private init(index: Int, count: Int) {
    self.index = index
    self.count = count
  }

  /// Reads `2/4`: the second of four. `nil` for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], (1...Self.limit).contains(count),
      (1...count).contains(number)
    else { return nil }
    self.init(index: number - 1, count: count)
  }

  package var description: String { "\(index + 1)/\(count)" }

  /// Whether what bears this number, from 0, is this shard's.
  func owns(_ number: Int) -> Bool { number % count == index }
}
