internal import JSON

/// An operation ready to run: its plan, shared with every request that sends the same document, and this request's
/// variables.
package struct PreparedOperation: PreparedService {
  let plan: OperationPlan
  let variables: VariableValues

  package var kind: OperationKind { plan.kind }
  package var name: String? { plan.operation.name?.value }

  /// The same number for the same document and operation as long as the engine keeps its plan.
  package var planIdentity: Int { plan.id }

  /// The coerced variables as JSON text: equal for requests that mean the same, however they were written.
  package var canonicalVariables: [UInt8] { JSON.object(variables.object).bytes }

  /// The same without the variable that gives a root field's argument: for requests that differ in it but get the same
  /// responses. A variable that something else might ask too stays.
  package func canonicalVariables(exceptArgument argument: String) -> [UInt8] {
    guard let variable = plan.variable(ofRootArgument: argument) else { return canonicalVariables }
    var object = JSONObject()
    for (name, value) in variables.object.members where name != variable { object.append(name, value) }
    return JSON.object(object).bytes
  }

  /// Whether any of the fields is selected, each named `Type.field`.
  package func selects(_ coordinates: Set<String>) -> Bool {
    plan.fields.contains { coordinates.contains($0.coordinate) }
  }

  /// The name of the first root field: what a subscription subscribes to.
  package var rootFieldName: String { plan.root.fields.first?.name ?? "" }
}
