internal import Database
internal import GraphQL
internal import JSON
internal import World

/// What a request asks to be told about itself, by its `extensions`; the answer stands in those of the response.
struct RequestCost: Sendable {
  /// How many SQL statements and transactions it took, and which.
  let statements: Bool
  /// How long it took to prepare (parse, validate and plan, or find the plan) and to execute.
  let timing: Bool
  var began = Instant(nanoseconds: 0)
  var prepared = Instant(nanoseconds: 0)

  var isAsked: Bool { statements || timing }

  init(askedBy request: GraphQLRequest) {
    statements = request.extensions["statements"]?.bool == true
    timing = request.extensions["timing"]?.bool == true
  }

  /// The response, which has no `extensions` so far, with what was asked for.
  func added(to result: GraphQLResult, _ counter: StatementCounter, executing: Duration) -> GraphQLResult {
    guard result.bytes.last == UInt8(ascii: "}") else { return result }
    var extensions = JSONObject()
    if statements {
      extensions.append("statements", .int(Int64(counter.count)))
      extensions.append("transactions", .int(Int64(counter.transactions)))
      extensions.append("statementNames", .array(counter.names.map { JSON.string($0) }))
    }
    if timing {
      let times: JSON = [
        "prepareMicroseconds": .int((prepared - began).wholeNanoseconds / 1_000),
        "executeMicroseconds": .int(executing.wholeNanoseconds / 1_000),
      ]
      extensions.append("timing", times)
    }
    let bytes = Array(#","extensions":"#.utf8) + JSON.object(extensions).bytes
    return GraphQLResult(bytes: result.bytes.dropLast() + bytes + [UInt8(ascii: "}")], outcome: result.outcome)
  }
}
