/// Makes budgets of values whose shape has been checked.
struct BudgetReader {
  let report: FileReport

  func budget(_ node: YAMLNode?) -> Budget? {
    guard let node, let entries = node.entries else { return nil }
    guard !entries.isEmpty else {
      report.error(.badValue, node, "A budget without a limit limits nothing.")
      return nil
    }
    func count(_ key: String) -> Int? { node[key]?.integer }
    return Budget(
      mark: report.source.mark(node), statements: count("statements"), operations: count("operations"),
      events: count("events"), duration: node["duration"]?.duration)
  }
}
