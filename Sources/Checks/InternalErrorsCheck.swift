internal import JSON

/// "No internal errors": no operation was answered with an error whose code is `INTERNAL`. Refusals have codes of their
/// own; this one says that the server failed.
func noInternalErrors(_ trace: Trace) -> CheckResult {
  var result = CheckResult("no-internal-errors")
  for operation in trace.operations {
    guard let completed = operation.completed else { continue }
    result.examined += 1
    guard case .failed(let errors) = operation.outcome else { continue }
    if let error = errors.array?.first(where: { $0["extensions"]?["code"]?.string == "INTERNAL" }) {
      result.add(
        "\(operation.action) of \(operation.actor) failed inside the server: \(error["message"]?.string ?? "no message")",
        events: [operation.invoked, completed], mark: operation.mark)
    }
  }
  return result
}
