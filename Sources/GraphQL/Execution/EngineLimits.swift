/// What one request may cost. Each limit has an error of its own, with a code in its `extensions`.
package struct EngineLimits: Sendable {
  /// Bytes, tokens and nesting of a document (`DOCUMENT_TOO_LARGE`).
  package var document = ParserLimits.default
  /// Fields within fields (`QUERY_TOO_DEEP`).
  package var depth = 16
  /// The same under `__schema` and `__type`, whose usual query is deeper than what people write.
  package var introspectionDepth = 24
  /// Fields with an alias (`TOO_MANY_ALIASES`).
  package var aliases = 200
  /// Fields of the root (`TOO_MANY_ROOT_FIELDS`).
  package var rootFields = 50
  /// Fields that a plan may have, counted for each possible type (`QUERY_TOO_LARGE`): what stops fragments that multiply.
  package var planFields = 20_000
  /// Values that a response may hold by estimate: one for each field, times the sizes of the lists around it
  /// (`QUERY_TOO_COMPLEX`).
  package var cost = 100_000
  /// The size of a list by estimate when no argument bounds it.
  package var assumedListSize = 10
  /// The arguments that bound a list, or the lists in a connection.
  package var sizeArguments = ["first", "last"]
  /// The longest list a resolver may return (`RESULT_TOO_LARGE`).
  package var listSize = 10_000
  /// Errors in one response; what is left out is counted in a last one.
  package var errors = 250
  /// Validation errors told at once.
  package var validationErrors = 100
  /// How long an operation may run before its resolvers are cancelled (`TIMEOUT`); needs the engine's clock.
  package var time: Duration?
  /// Compiled operations kept for the next request that sends them.
  package var cachedPlans = 1_000

  package static let `default` = EngineLimits()

  package init() {}
}
