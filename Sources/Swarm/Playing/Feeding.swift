internal import JSON
internal import Scenario

/// Gives flows the rows of feeders.
enum Feeding {
  /// Gives a flow of a load a row of every feeder that still has one; a name of one that has none has no value.
  /// - Parameter iteration: `nil` before the first.
  static func feed(
    _ feeders: [Feeder], _ values: inout [String: JSON], iteration: Int?, vu: Int, seed: UInt64
  ) {
    for feeder in feeders {
      guard let row = feeder.row(iteration: iteration, vu: vu, seed: seed) else {
        for column in feeder.columns { values["\(feeder.name).\(column)"] = nil }
        continue
      }
      for (name, value) in feeder.values(of: row) { values[name] = value }
    }
  }
}
