internal import JSON
private import Synchronization

/// One operation of a valid document, compiled against a schema and its resolvers; shared by all requests that send it.
final class OperationPlan: Sendable {
  /// Distinguishes the plans of one engine.
  let id: Int
  let kind: OperationKind
  let document: Document
  let operation: OperationDefinitionNode
  let variables: [VariablePlan]
  let root: SelectionPlan
  /// Every field of the plan at the index of its id.
  let fields: [FieldPlan]
  /// The estimated cost where no variable decides about it.
  let fixedCost: Int?
  /// The source of a subscription's one root field.
  let source: (@Sendable (ErasedCall) async throws -> any Sendable)?

  /// The size of the last response in bytes: what to reserve for the next.
  private let lastSize = Atomic<Int>(512)

  init(
    id: Int, document: Document, operation: OperationDefinitionNode, variables: [VariablePlan], root: SelectionPlan,
    fields: [FieldPlan], limits: EngineLimits, source: (@Sendable (ErasedCall) async throws -> any Sendable)?
  ) {
    self.id = id
    kind = operation.kind
    self.document = document
    self.operation = operation
    self.variables = variables
    self.root = root
    self.fields = fields
    self.source = source
    let estimate = CostEstimate(limits: limits, variables: VariableValues([:], of: []))
    fixedCost = fields.contains { estimate.dependsOnVariables($0) } ? nil : estimate.cost(of: root)
  }

  var expectedSize: Int {
    get { lastSize.load(ordering: .relaxed) * 9 / 8 }
    set { lastSize.store(newValue, ordering: .relaxed) }
  }
}

extension OperationPlan {
  /// The variable that alone gives an argument of the one root field, when nothing else asks it.
  func variable(ofRootArgument argument: String) -> String? {
    guard root.fields.count == 1, case .dynamic(let plans)? = root.fields.first?.arguments,
      case .variable(let index, let name)? = plans.first(where: { $0.name == argument })?.source,
      index < variables.count, !variables[index].decides
    else { return nil }
    var uses = 0
    for field in fields {
      guard case .dynamic(let plans) = field.arguments else { continue }
      for plan in plans {
        switch plan.source {
        case .constant: break
        case .variable(let other, _): uses += other == index ? 1 : 0
        // It may hold the variable somewhere.
        case .literal: return nil
        }
      }
    }
    return uses == 1 ? name : nil
  }
}

/// What is selected on one concrete object type, fragments dissolved and equal response keys merged.
final class SelectionPlan: Sendable {
  let typeName: String
  let fields: [FieldPlan]
  /// Whether a variable decides about some field, so that requests must choose.
  let isConditional: Bool

  init(typeName: String, fields: [FieldPlan]) {
    self.typeName = typeName
    self.fields = fields
    isConditional = fields.contains { $0.isConditional }
  }

  /// The fields that `@skip` and `@include` leave, in the order of their first occurrence that is left.
  func fields(given variables: VariableValues) -> [FieldPlan] {
    guard isConditional else { return fields }
    var chosen: [(position: Int, field: FieldPlan)] = []
    for field in fields {
      if let first = field.occurrences.first(where: { $0.condition.holds(variables) }) {
        chosen.append((first.position, field))
      }
    }
    chosen.sort { $0.position < $1.position }
    return chosen.map(\.field)
  }
}

/// One response key of a selection.
final class FieldPlan: Sendable {
  let id: Int
  let responseKey: String
  /// The key as it stands in the response, with its colon.
  let keyBytes: [UInt8]
  let name: String
  let parentName: String
  let type: CompletionType
  let resolver: Resolver
  let arguments: ArgumentsPlan
  let directives: [DirectivePlan]
  let child: ChildPlan
  /// Where the document selects it, in document order.
  let occurrences: [Occurrence]
  /// The names selected directly under it.
  let selectedFields: Set<String>
  let isConditional: Bool
  let isIntrospection: Bool

  init(
    id: Int, responseKey: String, name: String, parentName: String, type: CompletionType, resolver: Resolver,
    arguments: ArgumentsPlan, directives: [DirectivePlan], child: ChildPlan, occurrences: [Occurrence],
    isIntrospection: Bool
  ) {
    self.id = id
    self.responseKey = responseKey
    var key = JSONWriter()
    key.key(responseKey)
    keyBytes = key.bytes
    self.name = name
    self.parentName = parentName
    self.type = type
    self.resolver = resolver
    self.arguments = arguments
    self.directives = directives
    self.child = child
    self.occurrences = occurrences
    switch child {
    case .none: selectedFields = []
    case .object(let selection): selectedFields = Set(selection.fields.map(\.name))
    case .abstract(let plan): selectedFields = Set(plan.selections.flatMap { $0.fields.map(\.name) })
    }
    isConditional = !(occurrences.first?.condition.isAlways ?? true)
    self.isIntrospection = isIntrospection
  }

  var coordinate: String { "\(parentName).\(name)" }

  /// Where the request selects it. A fragment that is spread twice, once under a condition, counts once.
  func offsets(given variables: VariableValues) -> [Int] {
    var offsets: [Int] = []
    for occurrence in occurrences where occurrence.condition.holds(variables) {
      if !offsets.contains(occurrence.offset) { offsets.append(occurrence.offset) }
    }
    return offsets
  }
}

/// A directive of the schema's own on a field.
struct DirectivePlan: Sendable {
  let name: String
  let arguments: ArgumentsPlan
}

/// What lies under a field.
enum ChildPlan: Sendable {
  case none
  case object(SelectionPlan)
  case abstract(AbstractPlan)
}

/// The selections on an interface or union, one for each possible type.
final class AbstractPlan: Sendable {
  let typeName: String
  let selections: [SelectionPlan]
  let index: [String: Int]
  let dispatch: AbstractDispatch

  init(typeName: String, selections: [SelectionPlan], dispatch: AbstractDispatch) {
    self.typeName = typeName
    self.selections = selections
    self.dispatch = dispatch
    var index: [String: Int] = [:]
    for (position, selection) in selections.enumerated() { index[selection.typeName] = position }
    self.index = index
  }
}

/// One place in a document that selects a field.
struct Occurrence: Sendable {
  /// Its rank among all occurrences in the merged selection.
  let position: Int
  let condition: Condition
  /// Byte offset of the field in the document.
  let offset: Int
}

/// All of these must hold for a selection to be made (`@skip`, `@include`, on it and on what surrounds it).
struct Condition: Hashable, Sendable {
  struct Term: Hashable, Sendable {
    let variable: Int
    let expected: Bool
  }

  /// In the order of their variables, without duplicates.
  private(set) var terms: [Term] = []

  var isAlways: Bool { terms.isEmpty }

  mutating func require(_ term: Term) {
    guard !terms.contains(term) else { return }
    terms.append(term)
    terms.sort { ($0.variable, $0.expected ? 1 : 0) < ($1.variable, $1.expected ? 1 : 0) }
  }

  /// Whether this holds wherever `other` does.
  func isImplied(by other: Condition) -> Bool { terms.allSatisfy { other.terms.contains($0) } }

  func holds(_ variables: VariableValues) -> Bool {
    terms.allSatisfy { variables[$0.variable] == .bool($0.expected) }
  }
}
