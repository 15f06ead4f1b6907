internal import JSON
internal import Scenario

/// Judges the response of an operation by what its step says.
struct Judging {
  let stage: Stage
  let step: Step
  let actor: String

  @inline(never)
  func judge(_ response: OperationResponse, _ operation: OperationStep, _ flow: Flow) throws {
    let name = operation.operation.name
    let complaints = response.errors + response.userErrors
    if let wanted = operation.fails {
      try judgeRefusal(complaints, wanted, name, success: "success: \(Shown.of(response.data))")
    } else if !complaints.isEmpty {
      let seen = complaints.map(OperationResponse.describe).joined(separator: "; ")
      throw failure(
        "\(actor)'s \(name) was refused (\(Excerpt.cut(seen, to: Shown.limit)))", expected: "success", seen: seen)
    }
    let lookUp = { (name: String) in stage.value(of: name, in: flow) }
    let mismatches = operation.returns.filter { $0.path.segments != ["@statements"] }
      .mismatches(in: response.data, lookUp)
    if let first = mismatches.first {
      let miss = Failure.Miss(response.data, mismatches)
      var failure = Failure(
        mark: first.match.valueMark, message: "\(actor)'s \(name) returned something else: \(miss.verdict)",
        expected: "\(first.match.path) is \(first.expected)", seen: miss.fields.first?.seen)
      failure.misses = [miss]
      throw StepError.failed(failure)
    }
    if let matcher = operation.statements { try judgeStatements(response.statements, matcher, name, lookUp) }
  }

  /// - Parameter success: what was seen when nothing was refused.
  @inline(never)
  func judgeRefusal(_ complaints: [JSON], _ wanted: FailureMatch, _ name: String, success: String) throws {
    let isFound = complaints.contains { complaint in
      if let code = wanted.code, OperationResponse.code(of: complaint) != code { return false }
      if let text = wanted.message, complaint["message"]?.string?.contains(text) != true { return false }
      return true
    }
    if isFound { return }
    var parts: [String] = []
    if let code = wanted.code { parts.append("code \(code)") }
    if let text = wanted.message { parts.append("a message that contains '\(text)'") }
    let seen = complaints.isEmpty ? success : complaints.map(OperationResponse.describe).joined(separator: "; ")
    throw failure(
      "\(actor)'s \(name) "
        + (complaints.isEmpty ? "succeeded, but had to be refused" : "was refused for another reason (\(seen))"),
      expected: "a refusal with \(parts.joined(separator: " and "))",
      seen: seen)
  }

  private func judgeStatements(
    _ statements: Int?, _ matcher: Matcher, _ name: String, _ lookUp: (String) -> JSON?
  ) throws {
    guard let statements else {
      guard stage.around.system.countsStatements else {
        return stage.note("\(step.verbMark): the server does not count SQL statements, so 'statements' was not judged")
      }
      throw failure(
        "the server did not tell how many SQL statements \(name) took", expected: "extensions.statements",
        seen: "nothing")
    }
    guard case .failed(let expected, let found) = matcher.evaluate(.int(Int64(statements)), lookUp) else { return }
    throw failure(
      "\(actor)'s \(name) took \(statements) SQL statements, not \(expected)", expected: expected, seen: found)
  }

  private func failure(_ message: String, expected: String, seen: String) -> StepError {
    .failed(Failure(mark: step.verbMark, message: message, expected: expected, seen: seen))
  }
}
