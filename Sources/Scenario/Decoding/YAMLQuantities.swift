internal import JSON

/// What a node says, where it says it as the format wants; ``ShapeChecker`` has reported what does not.
extension YAMLNode {
  var duration: Duration? { scalar.flatMap { Quantities.duration($0.text) } }
  /// How many a second.
  var rate: Double? { scalar.flatMap { Quantities.rate($0.text) } }
  var integer: Int? { scalar?.json.int.map(Int.init(clamping:)) }
}
