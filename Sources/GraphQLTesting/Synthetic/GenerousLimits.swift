package import GraphQL

extension EngineLimits {
  /// Limits that no document of a test corpus meets.
  package static var generous: EngineLimits {
    var limits = EngineLimits.default
    limits.document = .schema
    limits.depth = 200
    limits.introspectionDepth = 200
    limits.aliases = 100_000
    limits.rootFields = 10_000
    limits.planFields = 1_000_000
    limits.cost = .max
    limits.errors = 10_000
    return limits
  }
}
