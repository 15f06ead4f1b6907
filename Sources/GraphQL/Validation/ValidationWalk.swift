/// Goes once over a document and gives every rule what it looks at, in the reference implementation's order of rules, so
/// that errors come in its order too.
struct ValidationWalk {
  private let context: ValidationContext
  private var uniqueOperationNames = UniqueOperationNames()
  private var uniqueFragmentNames = UniqueFragmentNames()
  private var noFragmentCycles = NoFragmentCycles()
  private var noUnusedFragments = NoUnusedFragments()
  private let knownTypeNames: KnownTypeNames
  private let knownDirectives = KnownDirectives()
  private var valuesOfCorrectType = ValuesOfCorrectType()
  private var overlappingFields: OverlappingFieldsCanBeMerged
  private var maxIntrospectionDepth = MaxIntrospectionDepth()
  private var uniqueInputFieldNames = UniqueInputFieldNames()

  init(_ context: ValidationContext) {
    self.context = context
    knownTypeNames = KnownTypeNames(context)
    overlappingFields = OverlappingFieldsCanBeMerged(context)
  }

  mutating func document() {
    ExecutableDefinitions.check(context)
    for definition in context.document.definitions where !context.isAborted {
      switch definition {
      case .operation(let operation): self.operation(operation)
      case .fragment(let fragment): self.fragment(fragment)
      default: break
      }
    }
    noUnusedFragments.leaveDocument(context)
  }

  private mutating func operation(_ node: OperationDefinitionNode) {
    context.info.enter(node)
    uniqueOperationNames.enter(node, context)
    LoneAnonymousOperation.check(node, context)
    SingleFieldSubscriptions.check(node, context)
    noUnusedFragments.enter(node)
    UniqueVariableNames.check(node, context)
    UniqueDirectivesPerLocation.check(node.directives, context)
    valuesOfCorrectType.enter(node)
    for variable in node.variables { self.variable(variable) }
    directives(node.directives, DirectiveLocation(node.kind), field: nil)
    selectionSet(node.selectionSet)
    NoUndefinedVariables.check(node, context)
    NoUnusedVariables.check(node, context)
    VariablesInAllowedPosition.check(node, context)
    context.info.leaveType()
  }

  private mutating func variable(_ node: VariableDefinitionNode) {
    context.info.enter(node)
    VariablesAreInputTypes.check(node, context)
    UniqueDirectivesPerLocation.check(node.directives, context)
    knownTypeNames.check(node.type.name, context)
    if let value = node.defaultValue { self.value(value) }
    directives(node.directives, .variableDefinition, field: nil)
    context.info.leaveVariable()
  }

  private mutating func fragment(_ node: FragmentDefinitionNode) {
    context.info.enterFragment(on: node.typeCondition)
    FragmentsOnCompositeTypes.check(node, context)
    uniqueFragmentNames.enter(node, context)
    noUnusedFragments.enter(node)
    noFragmentCycles.enter(node, context)
    UniqueDirectivesPerLocation.check(node.directives, context)
    valuesOfCorrectType.enterFragment()
    knownTypeNames.check(node.typeCondition, context)
    directives(node.directives, .fragmentDefinition, field: nil)
    selectionSet(node.selectionSet)
    context.info.leaveType()
  }

  private mutating func selectionSet(_ node: SelectionSetNode) {
    context.info.enterSelectionSet()
    overlappingFields.enter(node, context)
    for selection in node.selections where !context.isAborted {
      switch selection {
      case .field(let field): self.field(field)
      case .spread(let spread):
        KnownFragmentNames.check(spread, context)
        PossibleFragmentSpreads.check(spread, context)
        UniqueDirectivesPerLocation.check(spread.directives, context)
        directives(spread.directives, .fragmentSpread, field: nil)
      case .inline(let inline):
        context.info.enterFragment(on: inline.typeCondition)
        FragmentsOnCompositeTypes.check(inline, context)
        PossibleFragmentSpreads.check(inline, context)
        UniqueDirectivesPerLocation.check(inline.directives, context)
        if let condition = inline.typeCondition { knownTypeNames.check(condition, context) }
        directives(inline.directives, .inlineFragment, field: nil)
        selectionSet(inline.selectionSet)
        context.info.leaveType()
      }
    }
    context.info.leaveSelectionSet()
  }

  private mutating func field(_ node: FieldNode) {
    context.info.enter(node)
    ScalarLeafs.check(node, context)
    FieldsOnCorrectType.check(node, context)
    UniqueDirectivesPerLocation.check(node.directives, context)
    UniqueArgumentNames.check(node.arguments, context)
    maxIntrospectionDepth.enter(node, context)
    for argument in node.arguments {
      context.info.enter(argument)
      KnownArgumentNames.check(argument, of: node, context)
      value(argument.value)
      context.info.leaveArgument()
    }
    directives(node.directives, .field, field: node)
    if let set = node.selectionSet { selectionSet(set) }
    ProvidedRequiredArguments.check(node, context)
    context.info.leaveField()
  }

  private mutating func directives(_ nodes: [DirectiveNode], _ location: DirectiveLocation, field: FieldNode?) {
    for node in nodes where !context.isAborted {
      context.info.enter(node)
      knownDirectives.check(node, at: location, context)
      KnownArgumentNames.check(node, context)
      UniqueArgumentNames.check(node.arguments, context)
      for argument in node.arguments {
        context.info.enter(argument)
        value(argument.value)
        context.info.leaveArgument()
      }
      ProvidedRequiredArguments.check(node, context)
      context.info.leaveDirective()
    }
  }

  /// `isTyped` is false below a value that did not fit its type: what is in it has no type to fit.
  private mutating func value(_ node: ValueNode, isTyped: Bool = true) {
    switch node.kind {
    case .list(let items):
      context.info.enterList()
      let goesOn = isTyped && valuesOfCorrectType.enterList(node, context)
      for item in items where !context.isAborted { value(item, isTyped: goesOn) }
      context.info.leaveValue()
    case .object(let fields):
      let goesOn = isTyped && valuesOfCorrectType.enterObject(node, fields, context)
      uniqueInputFieldNames.enterObject()
      for field in fields where !context.isAborted {
        context.info.enter(field)
        if goesOn { valuesOfCorrectType.enter(field, context) }
        uniqueInputFieldNames.enter(field, context)
        value(field.value, isTyped: goesOn)
        context.info.leaveValue()
      }
      uniqueInputFieldNames.leaveObject()
    case .variable: break
    default: if isTyped { valuesOfCorrectType.check(node, context) }
    }
  }
}

extension DirectiveLocation {
  fileprivate init(_ kind: OperationKind) {
    switch kind {
    case .query: self = .query
    case .mutation: self = .mutation
    case .subscription: self = .subscription
    }
  }
}
