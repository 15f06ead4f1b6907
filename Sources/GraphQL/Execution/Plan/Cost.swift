internal import JSON

/// Estimates how many values a response may hold: one for each field, times the sizes of the lists around it.
struct CostEstimate {
  let limits: EngineLimits
  let variables: VariableValues

  /// Plans are shared by places, which must not be walked once for each.
  private struct Place: Hashable {
    let selection: ObjectIdentifier
    let bounded: Int?
  }

  func cost(of selection: SelectionPlan) -> Int {
    var known: [Place: Int] = [:]
    return cost(of: selection, bounded: nil, &known)
  }

  func dependsOnVariables(_ field: FieldPlan) -> Bool {
    if case .variable = field.arguments.size(of: limits.sizeArguments) { return true }
    return field.isConditional
  }

  /// - Parameter bounded: what the parent's arguments say of the lists directly under it, as in a connection's edges.
  private func cost(of selection: SelectionPlan, bounded: Int?, _ known: inout [Place: Int]) -> Int {
    let place = Place(selection: ObjectIdentifier(selection), bounded: bounded)
    if let cost = known[place] { return cost }
    var sum = 0
    for field in selection.fields(given: variables) {
      let size = size(of: field)
      var under = 0
      switch field.child {
      case .none: break
      case .object(let inner): under = cost(of: inner, bounded: passed(size, bounded, field), &known)
      case .abstract(let plan):
        for inner in plan.selections {
          under = max(under, cost(of: inner, bounded: passed(size, bounded, field), &known))
        }
      }
      let isList = field.type.item != nil && !field.isIntrospection
      let times = isList ? max(0, size ?? bounded ?? limits.assumedListSize) : 1
      sum = sum.addingClamped((1).addingClamped(under).multipliedClamped(by: times))
    }
    known[place] = sum
    return sum
  }

  /// A connection's size reaches the lists in it, not what lies under those.
  private func passed(_ size: Int?, _ bounded: Int?, _ field: FieldPlan) -> Int? {
    field.type.item == nil ? size : nil
  }

  private func size(of field: FieldPlan) -> Int? {
    switch field.arguments.size(of: limits.sizeArguments) {
    case .unknown: nil
    case .known(let size): size
    case .variable(let index, let otherwise):
      variables[index]?.int.map { Int(truncatingIfNeeded: $0) } ?? otherwise
    }
  }
}

extension Int {
  fileprivate func addingClamped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  fileprivate func multipliedClamped(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
