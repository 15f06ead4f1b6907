/// What all rules share: the document's fragments, the types at hand, and the errors found.
final class ValidationContext {
  let document: Document
  let schema: Schema
  let coercion: InputCoercion
  let hasSeveralOperations: Bool
  /// By name; of two with one name the later counts, as in the reference implementation.
  let fragments: [String: FragmentDefinitionNode]
  var info: TypeInfo
  private(set) var errors: [GraphQLError] = []
  private(set) var isAborted = false
  private let maxErrors: Int
  private var locations: LocationTable?
  private var spreadsBySet: [ObjectIdentifier: [FragmentSpreadNode]] = [:]
  private var usagesByDefinition: [ObjectIdentifier: [VariableUsage]] = [:]
  private var referencedByOperation: [ObjectIdentifier: [FragmentDefinitionNode]] = [:]

  init(_ document: Document, _ schema: Schema, scalars: [String: InputCoercion.ScalarParser], maxErrors: Int) {
    self.document = document
    self.schema = schema
    self.maxErrors = maxErrors
    coercion = InputCoercion(schema: schema, scalars: scalars)
    info = TypeInfo(schema)
    hasSeveralOperations = document.operations.count > 1
    fragments = Dictionary(document.fragments.map { ($0.name.value, $0) }, uniquingKeysWith: { $1 })
  }

  func report(_ message: String, at offsets: [Int]) {
    guard !isAborted else { return }
    guard errors.count < maxErrors else {
      errors.append(GraphQLError("Too many validation errors, error limit reached. Validation aborted."))
      isAborted = true
      return
    }
    let table = locations ?? LocationTable(document.source)
    locations = table
    errors.append(GraphQLError(message, locations: offsets.map(table.location)))
  }

  func report(_ message: String, at offset: Int) { report(message, at: [offset]) }

  /// The spreads anywhere below a selection set, without following them.
  func spreads(in set: SelectionSetNode) -> [FragmentSpreadNode] {
    if let known = spreadsBySet[ObjectIdentifier(set)] { return known }
    var spreads: [FragmentSpreadNode] = []
    var rest = [set]
    while let next = rest.popLast() {
      for selection in next.selections {
        switch selection {
        case .spread(let spread): spreads.append(spread)
        case .field(let field): if let set = field.selectionSet { rest.append(set) }
        case .inline(let inline): rest.append(inline.selectionSet)
        }
      }
    }
    spreadsBySet[ObjectIdentifier(set)] = spreads
    return spreads
  }

  /// The fragments that an operation spreads, directly or through others.
  func fragments(of operation: OperationDefinitionNode) -> [FragmentDefinitionNode] {
    if let known = referencedByOperation[ObjectIdentifier(operation)] { return known }
    var found: [FragmentDefinitionNode] = []
    var names: Set<String> = []
    var rest = [operation.selectionSet]
    while let next = rest.popLast() {
      for spread in spreads(in: next) where names.insert(spread.name.value).inserted {
        guard let fragment = fragments[spread.name.value] else { continue }
        found.append(fragment)
        rest.append(fragment.selectionSet)
      }
    }
    referencedByOperation[ObjectIdentifier(operation)] = found
    return found
  }

  /// Calls `body` with each use of a variable in an operation and the fragments it spreads.
  func forEachUsage(in operation: OperationDefinitionNode, _ body: (VariableUsage) -> Void) {
    usages(in: operation, operation).forEach(body)
    for fragment in fragments(of: operation) { usages(in: fragment, fragment).forEach(body) }
  }

  private func usages(in definition: some VariableUser, _ identity: AnyObject) -> [VariableUsage] {
    if let known = usagesByDefinition[ObjectIdentifier(identity)] { return known }
    let usages = VariableUsages.collect(definition, schema)
    usagesByDefinition[ObjectIdentifier(identity)] = usages
    return usages
  }
}
