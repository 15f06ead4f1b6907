/// An input object of a type that takes exactly one field.
struct OneOfPlace {
  let typeName: String
  let offset: Int
}

/// A place where a variable is used.
struct VariableUsage {
  let name: String
  let offset: Int
  /// The type that the place expects, if it is known.
  let type: TypeRef?
  /// Whether the place has a default of its own.
  let hasDefault: Bool
  /// The OneOf input object whose field the variable is, if it is one.
  let oneOf: OneOfPlace?
  /// Whether the place is in a fragment and not in the operation itself.
  let isInFragment: Bool
}

/// A definition in which variables may be used.
protocol VariableUser {
  func walk(_ usages: inout VariableUsages)
}

extension OperationDefinitionNode: VariableUser {
  func walk(_ usages: inout VariableUsages) {
    usages.info.enter(self)
    usages.directives(directives)
    usages.selectionSet(selectionSet)
  }
}

extension FragmentDefinitionNode: VariableUser {
  func walk(_ usages: inout VariableUsages) {
    usages.isInFragment = true
    usages.info.enterFragment(on: typeCondition)
    usages.directives(directives)
    usages.selectionSet(selectionSet)
  }
}

/// Collects the uses of variables in one definition, without following spreads.
struct VariableUsages {
  fileprivate(set) var info: TypeInfo
  fileprivate var isInFragment = false
  private var found: [VariableUsage] = []

  static func collect(_ definition: some VariableUser, _ schema: Schema) -> [VariableUsage] {
    var usages = VariableUsages(info: TypeInfo(schema))
    definition.walk(&usages)
    return usages.found
  }

  private init(info: TypeInfo) { self.info = info }

  fileprivate mutating func selectionSet(_ set: SelectionSetNode) {
    info.enterSelectionSet()
    for selection in set.selections {
      switch selection {
      case .field(let field):
        info.enter(field)
        arguments(field.arguments)
        directives(field.directives)
        if let set = field.selectionSet { selectionSet(set) }
        info.leaveField()
      case .spread(let spread): directives(spread.directives)
      case .inline(let inline):
        info.enterFragment(on: inline.typeCondition)
        directives(inline.directives)
        selectionSet(inline.selectionSet)
        info.leaveType()
      }
    }
    info.leaveSelectionSet()
  }

  fileprivate mutating func directives(_ directives: [DirectiveNode]) {
    for directive in directives {
      info.enter(directive)
      arguments(directive.arguments)
      info.leaveDirective()
    }
  }

  private mutating func arguments(_ arguments: [ArgumentNode]) {
    for argument in arguments {
      info.enter(argument)
      value(argument.value, oneOf: nil)
      info.leaveArgument()
    }
  }

  private mutating func value(_ node: ValueNode, oneOf: OneOfPlace?) {
    switch node.kind {
    case .variable(let name):
      found.append(
        VariableUsage(
          name: name, offset: node.offset, type: info.input, hasDefault: info.hasDefault, oneOf: oneOf,
          isInFragment: isInFragment))
    case .list(let items):
      info.enterList()
      for item in items { value(item, oneOf: nil) }
      info.leaveValue()
    case .object(let fields):
      var oneOf: OneOfPlace?
      if let input = info.input, case .input(let object)? = info.schema.type(of: input), object.isOneOf {
        oneOf = OneOfPlace(typeName: object.name, offset: node.offset)
      }
      for field in fields {
        info.enter(field)
        value(field.value, oneOf: oneOf)
        info.leaveValue()
      }
    default: break
    }
  }
}
