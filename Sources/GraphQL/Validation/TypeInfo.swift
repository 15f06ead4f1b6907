/// Knows, at each point of a walk over a document, which types, field and argument apply there.
struct TypeInfo {
  let schema: Schema
  private var types: [TypeRef?] = []
  private var parents: [NamedType?] = []
  private var inputs: [TypeRef?] = []
  private var fields: [FieldDefinition?] = []
  private var defaults: [Bool] = []
  private(set) var directive: DirectiveDefinition?
  private(set) var argument: InputValueDefinition?

  init(_ schema: Schema) { self.schema = schema }

  /// The output type of the innermost field, fragment or operation.
  var type: TypeRef? { types.last ?? nil }
  /// The composite type of the innermost selection set.
  var parent: NamedType? { parents.last ?? nil }
  /// The input type of the value at hand.
  var input: TypeRef? { inputs.last ?? nil }
  /// The input type of the list or object around the value at hand.
  var parentInput: TypeRef? { inputs.count > 1 ? inputs[inputs.count - 2] : nil }
  var field: FieldDefinition? { fields.last ?? nil }
  /// Whether the argument or input field at hand has a default.
  var hasDefault: Bool { defaults.last ?? false }

  /// The type that a node names, if all of it is known.
  func type(_ node: TypeNode) -> TypeRef? { schema.types[node.name.value] == nil ? nil : node.reference }

  mutating func enter(_ operation: OperationDefinitionNode) {
    types.append(schema.rootType(operation.kind).map { .named($0.name) })
  }

  mutating func enterFragment(on condition: NameNode?) {
    if let condition {
      let type = schema.types[condition.value]
      types.append(type?.isOutput == true ? .named(condition.value) : nil)
    } else {
      types.append(type.map { .named($0.name) })
    }
  }

  /// Leaves an operation or fragment.
  mutating func leaveType() { types.removeLast() }

  mutating func enterSelectionSet() {
    let named = type.flatMap { schema.type(of: $0) }
    parents.append(named?.isComposite == true ? named : nil)
  }

  mutating func leaveSelectionSet() { parents.removeLast() }

  mutating func enter(_ field: FieldNode) {
    let definition = parent.flatMap { schema.field(field.name.value, on: $0) }
    fields.append(definition)
    let type = definition?.type
    types.append(type.flatMap { schema.type(of: $0)?.isOutput == true ? $0 : nil })
  }

  mutating func leaveField() {
    fields.removeLast()
    types.removeLast()
  }

  mutating func enter(_ directive: DirectiveNode) { self.directive = schema.directives[directive.name.value] }

  mutating func leaveDirective() { directive = nil }

  mutating func enter(_ variable: VariableDefinitionNode) { push(type(variable.type)) }

  mutating func leaveVariable() { inputs.removeLast() }

  mutating func enter(_ argument: ArgumentNode) {
    let arguments = directive?.arguments ?? field?.arguments
    self.argument = arguments?[argument.name.value]
    defaults.append(self.argument?.defaultLiteral != nil)
    push(self.argument?.type)
  }

  mutating func leaveArgument() {
    argument = nil
    leaveValue()
  }

  mutating func enterList() {
    let input = input.map { $0.element ?? $0.nullable }
    defaults.append(false)
    push(input)
  }

  mutating func enter(_ objectField: ObjectFieldNode) {
    var definition: InputValueDefinition?
    if let input, case .input(let object)? = schema.type(of: input) {
      definition = object.fields[objectField.name.value]
    }
    defaults.append(definition?.defaultLiteral != nil)
    push(definition?.type)
  }

  /// Leaves a list or an object's field.
  mutating func leaveValue() {
    defaults.removeLast()
    inputs.removeLast()
  }

  private mutating func push(_ input: TypeRef?) {
    inputs.append(input.flatMap { schema.type(of: $0)?.isInput == true ? $0 : nil })
  }
}
