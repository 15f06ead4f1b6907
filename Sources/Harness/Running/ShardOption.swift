internal import Swarm

/// Which part of a load this process puts on: `--shard 2/4`.
package struct ShardOption: Hashable, Sendable, CustomStringConvertible {
  package static let whole = ShardOption(shard: .whole)

  let shard: Shard

  private init(shard: Shard) { self.shard = shard }

  package init?(_ text: String) {
    guard let shard = Shard(text) else { return nil }
    self.shard = shard
  }

  package var description: String { shard.description }
  var isWhole: Bool { shard == .whole }
}
