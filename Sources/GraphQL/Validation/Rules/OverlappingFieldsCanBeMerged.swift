/// Fields of one response key mean the same thing (specification, 5.3.2).
///
/// Most documents have no conflict, and ``MergedFields`` sees that in time proportional to the document. Only where it
/// doubts are fields compared pair by pair, as the reference implementation does, to say what it says; that takes the
/// square of the document's size and more, and therefore has a budget.
struct OverlappingFieldsCanBeMerged {
  private let isDoubtful: Bool
  private var comparison = FieldComparison()

  init(_ context: ValidationContext) {
    var merged = MergedFields(context)
    isDoubtful = !merged.areFreeOfConflicts()
  }

  mutating func enter(_ node: SelectionSetNode, _ context: ValidationContext) {
    guard isDoubtful, !comparison.isExhausted else { return }
    for conflict in comparison.conflicts(within: node, context.info.parent, context) {
      context.report(
        "Fields \"\(conflict.key)\" conflict because \(conflict.reason). "
          + "Use different aliases on the fields to fetch both if this was intentional.",
        at: (conflict.first + conflict.second).map(\.offset))
    }
    if comparison.isExhausted {
      context.report("Fields overlap in too many ways to be checked.", at: node.offset)
    }
  }
}
