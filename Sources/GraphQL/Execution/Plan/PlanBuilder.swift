internal import JSON

/// Compiles an operation of a valid document: dissolves fragments, merges fields, coerces literals, finds resolvers, and
/// turns `@skip` and `@include` into conditions.
///
/// The result depends on no variable, so that one plan serves all requests with the document.
struct PlanBuilder {
  private let bound: BoundSchema
  private let limits: EngineLimits
  private let document: Document
  private let fragments: [String: FragmentDefinitionNode]
  private var slots: [String: Int] = [:]
  private var deciding: Set<Int> = []
  private var fields: [FieldPlan?] = []
  private var collected = 0
  private var children: [ChildKey: ChildPlan] = [:]

  /// - Throws: the first limit that the operation exceeds, or a literal that a custom scalar refuses.
  static func compile(
    _ operation: OperationDefinitionNode, of document: Document, id: Int, for bound: BoundSchema, limits: EngineLimits
  ) throws(GraphQLError) -> OperationPlan {
    var builder = PlanBuilder(bound: bound, limits: limits, document: document)
    return try builder.plan(operation, id: id)
  }

  private init(bound: BoundSchema, limits: EngineLimits, document: Document) {
    self.bound = bound
    self.limits = limits
    self.document = document
    fragments = Dictionary(document.fragments.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private mutating func plan(_ operation: OperationDefinitionNode, id: Int) throws(GraphQLError) -> OperationPlan {
    guard let rootType = bound.schema.rootType(operation.kind) else {
      throw GraphQLError(
        "Schema is not configured to execute \(operation.kind.rawValue) operation.",
        locations: [document.location(operation.offset)])
    }
    try checkAliases(operation)
    for (index, variable) in operation.variables.enumerated() { slots[variable.name.value] = index }
    let set = ConditionalSet(set: operation.selectionSet, condition: Condition())
    let root = try selection([set], on: rootType, depth: 1, introspection: false)
    guard root.fields.count <= limits.rootFields else {
      throw limit(
        "The operation has \(root.fields.count) root fields, the limit is \(limits.rootFields).",
        "TOO_MANY_ROOT_FIELDS", operation.offset)
    }
    let variables = operation.variables.enumerated().map { index, node in
      VariablePlan(name: node.name.value, offset: node.offset, decides: deciding.contains(index))
    }
    let source = operation.kind == .subscription ? root.fields.first.flatMap { bound.source(of: $0.name) } : nil
    return OperationPlan(
      id: id, document: document, operation: operation, variables: variables, root: root,
      fields: fields.compactMap { $0 }, limits: limits, source: source)
  }

  /// A selection set and what must hold for it to count.
  private struct ConditionalSet: Hashable {
    let set: SelectionSetNode
    let condition: Condition

    static func == (left: ConditionalSet, right: ConditionalSet) -> Bool {
      left.set === right.set && left.condition == right.condition
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(ObjectIdentifier(set))
      hasher.combine(condition)
    }
  }

  /// What a child plan depends on. The possible types of an interface share the plans of what lies under equal fields:
  /// interfaces under interfaces would multiply otherwise.
  private struct ChildKey: Hashable {
    let sets: [ConditionalSet]
    let type: String
    let depth: Int
    let introspection: Bool
  }

  /// All selections of one response key.
  private struct Group {
    let key: String
    var nodes: [(node: FieldNode, occurrence: Occurrence)]
  }

  private struct Collection {
    var groups: [Group] = []
    var positions: [String: Int] = [:]
    var occurrences = 0
    /// The conditions under which each fragment was entered already.
    var visited: [String: [Condition]] = [:]
  }

  private mutating func selection(
    _ sets: [ConditionalSet], on type: FieldedType, depth: Int, introspection: Bool
  ) throws(GraphQLError) -> SelectionPlan {
    var collection = Collection()
    for set in sets { try collect(set.set, set.condition, on: type, into: &collection) }
    var plans: [FieldPlan] = []
    plans.reserveCapacity(collection.groups.count)
    for group in collection.groups {
      if let plan = try field(group, on: type, depth: depth, introspection: introspection) { plans.append(plan) }
    }
    return SelectionPlan(typeName: type.name, fields: plans)
  }

  private mutating func collect(
    _ set: SelectionSetNode, _ outer: Condition, on type: FieldedType, into collection: inout Collection
  ) throws(GraphQLError) {
    for selection in set.selections {
      guard let condition = condition(outer, selection.directives) else { continue }
      switch selection {
      case .field(let node):
        collected += 1
        guard collected <= limits.planFields else {
          throw limit(
            "The operation selects more than \(limits.planFields) fields.", "QUERY_TOO_LARGE", node.offset)
        }
        let occurrence = Occurrence(position: collection.occurrences, condition: condition, offset: node.offset)
        collection.occurrences += 1
        if let position = collection.positions[node.responseKey] {
          collection.groups[position].nodes.append((node, occurrence))
        } else {
          collection.positions[node.responseKey] = collection.groups.count
          collection.groups.append(Group(key: node.responseKey, nodes: [(node, occurrence)]))
        }
      case .spread(let node):
        let before = collection.visited[node.name.value] ?? []
        guard let fragment = fragments[node.name.value], !before.contains(where: { $0.isImplied(by: condition) })
        else { continue }
        collection.visited[node.name.value] = before + [condition]
        if applies(fragment.typeCondition.value, to: type) {
          try collect(fragment.selectionSet, condition, on: type, into: &collection)
        }
      case .inline(let node):
        if node.typeCondition.map({ applies($0.value, to: type) }) ?? true {
          try collect(node.selectionSet, condition, on: type, into: &collection)
        }
      }
    }
  }

  private func applies(_ condition: String, to type: FieldedType) -> Bool {
    condition == type.name || bound.schema.isSubtype(type.name, of: condition)
  }

  /// The outer condition and that of the directives; `nil` when the selection is never made.
  private mutating func condition(_ outer: Condition, _ directives: [DirectiveNode]) -> Condition? {
    var condition = outer
    for directive in directives {
      let expected: Bool
      switch directive.name.value {
      case "include": expected = true
      case "skip": expected = false
      default: continue
      }
      switch directive.argument("if")?.kind {
      case .boolean(let value)?: if value != expected { return nil }
      case .variable(let name)?:
        guard let slot = slots[name] else { continue }
        deciding.insert(slot)
        condition.require(Condition.Term(variable: slot, expected: expected))
      default: continue
      }
    }
    return condition
  }

  private mutating func field(
    _ group: Group, on type: FieldedType, depth: Int, introspection: Bool
  ) throws(GraphQLError) -> FieldPlan? {
    guard let first = group.nodes.first?.node,
      let definition = bound.schema.field(first.name.value, on: .object(type))
    else { return nil }
    let introspection = introspection || definition === MetaFields.schema || definition === MetaFields.type
    let deepest = introspection ? limits.introspectionDepth : limits.depth
    guard depth <= deepest else {
      throw limit("The operation is more than \(deepest) fields deep.", "QUERY_TOO_DEEP", first.offset)
    }
    let id = fields.count
    fields.append(nil)
    let sets = group.nodes.compactMap { node, occurrence in
      node.selectionSet.map { ConditionalSet(set: $0, condition: occurrence.condition) }
    }
    let child = try child(sets, of: definition, depth: depth + 1, introspection: introspection)
    let plan = FieldPlan(
      id: id, responseKey: group.key, name: definition.name, parentName: type.name,
      type: bound.completion(of: definition.type), resolver: resolver(of: definition, on: type),
      arguments: try arguments(first.arguments, definition.arguments, first.offset),
      directives: try directives(first), child: child, occurrences: group.nodes.map(\.occurrence),
      isIntrospection: introspection)
    fields[id] = plan
    return plan
  }

  private func resolver(of definition: FieldDefinition, on type: FieldedType) -> Resolver {
    if definition === MetaFields.typename {
      let column = ConstantColumn(type.name)
      return .immediate { _, _ in column }
    }
    if let resolver = bound.resolver(of: definition.name, on: type.name) { return resolver }
    return .immediate { _, call in call.failed(ResolverMisuse(description: "\(call.coordinate) has no resolver")) }
  }

  private mutating func child(
    _ sets: [ConditionalSet], of definition: FieldDefinition, depth: Int, introspection: Bool
  ) throws(GraphQLError) -> ChildPlan {
    guard let type = bound.schema.type(of: definition.type), !sets.isEmpty else { return .none }
    let key = ChildKey(sets: sets, type: type.name, depth: depth, introspection: introspection)
    if let known = children[key] { return known }
    let plan = try child(sets, of: type, depth: depth, introspection: introspection)
    children[key] = plan
    return plan
  }

  private mutating func child(
    _ sets: [ConditionalSet], of type: NamedType, depth: Int, introspection: Bool
  ) throws(GraphQLError) -> ChildPlan {
    switch type {
    case .object(let object):
      return .object(try selection(sets, on: object, depth: depth, introspection: introspection))
    case .interface, .union:
      guard let dispatch = bound.dispatch(of: type.name) else { return .none }
      var selections: [SelectionPlan] = []
      for name in bound.schema.possibleTypes(of: type) {
        guard case .object(let object)? = bound.schema.type(name) else { continue }
        selections.append(try selection(sets, on: object, depth: depth, introspection: introspection))
      }
      return .abstract(AbstractPlan(typeName: type.name, selections: selections, dispatch: dispatch))
    default: return .none
    }
  }

  /// The directives of a field that are not the executor's own business.
  private func directives(_ node: FieldNode) throws(GraphQLError) -> [DirectivePlan] {
    var plans: [DirectivePlan] = []
    for directive in node.directives where directive.name.value != "skip" && directive.name.value != "include" {
      guard let definition = bound.schema.directives[directive.name.value] else { continue }
      plans.append(
        DirectivePlan(
          name: definition.name,
          arguments: try arguments(directive.arguments, definition.arguments, directive.offset)))
    }
    return plans
  }

  private func arguments(
    _ given: [ArgumentNode], _ definitions: NamedList<InputValueDefinition>, _ offset: Int
  ) throws(GraphQLError) -> ArgumentsPlan {
    guard !definitions.isEmpty else { return .constant([:]) }
    var plans: [ArgumentPlan] = []
    for argument in definitions {
      guard let literal = given.first(where: { $0.name.value == argument.name })?.value else {
        if let value = argument.defaultValue { plans.append(argument.plan(.constant(value), at: offset)) }
        continue
      }
      if case .variable(let name) = literal.kind, let slot = slots[name] {
        plans.append(argument.plan(.variable(slot, name), at: literal.offset))
      } else if literal.holdsVariable {
        plans.append(argument.plan(.literal(literal), at: literal.offset))
      } else {
        plans.append(argument.plan(.constant(try constant(literal, argument)), at: literal.offset))
      }
    }
    var object = JSONObject()
    for plan in plans {
      guard case .constant(let value) = plan.source else { return .dynamic(plans) }
      object.append(plan.name, value)
    }
    return .constant(object)
  }

  private func constant(_ literal: ValueNode, _ argument: InputValueDefinition) throws(GraphQLError) -> JSON {
    guard let value = bound.input.value(of: literal, as: argument.type) else {
      throw GraphQLError(
        "Argument \"\(argument.name)\" has invalid value \(print(literal)).",
        locations: [document.location(literal.offset)], extensions: ["code": "BAD_USER_INPUT"])
    }
    return value
  }

  private func checkAliases(_ operation: OperationDefinitionNode) throws(GraphQLError) {
    var pending = [operation.selectionSet] + document.fragments.map(\.selectionSet)
    var count = 0
    while let set = pending.popLast() {
      for selection in set.selections {
        switch selection {
        case .field(let node):
          if node.alias != nil { count += 1 }
          if let inner = node.selectionSet { pending.append(inner) }
        case .inline(let node): pending.append(node.selectionSet)
        case .spread: break
        }
      }
    }
    guard count <= limits.aliases else {
      throw limit("The document has \(count) aliases, the limit is \(limits.aliases).", "TOO_MANY_ALIASES", nil)
    }
  }

  private func limit(_ message: String, _ code: String, _ offset: Int?) -> GraphQLError {
    GraphQLError(
      message, locations: offset.map { [document.location($0)] } ?? [], extensions: ["code": .string(code)])
  }
}

extension InputValueDefinition {
  fileprivate func plan(_ source: ArgumentPlan.Value, at offset: Int) -> ArgumentPlan {
    ArgumentPlan(name: name, type: type, defaultValue: defaultValue, source: source, offset: offset)
  }
}

extension ValueNode {
  fileprivate var holdsVariable: Bool {
    switch kind {
    case .variable: true
    case .list(let values): values.contains { $0.holdsVariable }
    case .object(let fields): fields.contains { $0.value.holdsVariable }
    default: false
    }
  }
}
