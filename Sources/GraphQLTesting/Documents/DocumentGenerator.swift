package import GraphQL
internal import World

/// Writes documents against a schema that are mostly valid, with a mistake here and there: of names, types, arguments,
/// fragments, variables and directives.
package struct DocumentGenerator {
  private let schema: Schema
  private var random: RandomStream
  private let typeNames: [String]
  private let compositeNames: [String]
  private var fragments: [(name: String, type: String)] = []
  /// The fragments that may be spread here: those that come later, so that there are no cycles.
  private var spreadable: ArraySlice<Int> = []
  private var spread: Set<Int> = []
  private var variables: [(name: String, type: TypeRef)] = []
  private var usesVariables = true
  private var aliases = 0
  /// How likely a mistake is at each place where one can be made.
  private var mistakes = 0.0

  package init(schema: Schema, seed: UInt64) {
    self.schema = schema
    random = RandomStream(seed: seed, name: "documents")
    let own = schema.types.filter { !$0.isIntrospection }
    typeNames = own.map(\.name)
    compositeNames = own.filter(\.isComposite).map(\.name)
  }

  /// - Parameter mistakes: how likely a mistake is at each place; `nil` chooses for each document. Without mistakes a
  ///   document may still select differing fields under one key.
  package mutating func document(mistakes chosen: Double? = nil) -> String {
    mistakes = chosen ?? [0, 0, 0, 0.01, 0.05][random.int(in: 0..<5)]
    fragments = (0..<random.int(in: 0..<4)).map { ("F\($0)", compositeName()) }
    spread = []
    var parts = (0..<random.int(in: 1..<4)).map { index in
      spreadable = ArraySlice(fragments.indices)
      return operation(index)
    }
    usesVariables = chance(mistakes)
    for (index, fragment) in fragments.enumerated() where spread.contains(index) || chance(mistakes) {
      spreadable = ArraySlice(chance(mistakes) ? 0..<fragments.count : (index + 1)..<fragments.count)
      let set = selectionSet(fragment.type, 2)
      parts.append("fragment \(name(fragment.name)) on \(name(fragment.type))\(directives(.fragmentDefinition)) \(set)")
    }
    usesVariables = true
    if chance(mistakes), let last = parts.last { parts.append(last) }
    if chance(mistakes / 3) { parts.append("type Foo { bar: Int }") }
    let text = parts.joined(separator: "\n\n")
    return chosen == nil && chance(0.1) ? mutated(text) : text
  }

  /// The text with a few characters changed, dropped, doubled or put in.
  package mutating func mutated(_ text: String) -> String {
    let alphabet = Array("{}()[]:!$@&|=.,\"#\\abcXYZ_0123456789 \n\r\tuê'%-+e\u{feff}").map { Character(String($0)) }
    var characters = Array(text)
    for _ in 0..<random.int(in: 1..<4) where !characters.isEmpty {
      let position = random.int(in: 0..<characters.count)
      switch random.int(in: 0..<4) {
      case 0: characters.remove(at: position)
      case 1: characters[position] = alphabet[random.int(in: 0..<alphabet.count)]
      case 2: characters.insert(characters[position], at: position)
      default: characters.insert(alphabet[random.int(in: 0..<alphabet.count)], at: position)
      }
    }
    return String(characters)
  }

  private mutating func operation(_ index: Int) -> String {
    let choice = random.int(in: 0..<8)
    let wanted: OperationKind = choice == 0 ? .subscription : choice == 1 ? .mutation : .query
    let kind = schema.rootType(wanted) != nil || chance(mistakes) ? wanted : .query
    let (keyword, root) = (kind.rawValue, schema.rootType(kind)?.name ?? schema.queryType.name)
    let place = DirectiveLocation(rawValue: keyword.uppercased()) ?? .query
    variables = chance(mistakes) ? [("zz", variableType())] : []
    let set = selectionSet(root, 3)
    let marks = directives(place)
    var list = variables.filter { _ in !chance(mistakes) }.map { variable in
      "$\(variable.name): \(name(variable.type.description))\(defaultValue(variable.type))\(directives(.variableDefinition))"
    }
    if chance(mistakes), let first = list.first { list.append(first) }
    let suffix = list.isEmpty ? "" : "(\(list.joined(separator: ", ")))"
    let title = index == 0 && chance(mistakes) ? "" : " Q\(chance(mistakes) ? 0 : index)"
    let isShort = title.isEmpty && suffix.isEmpty && keyword == "query" && chance(0.5)
    return (isShort ? "" : "\(keyword)\(title)\(suffix)\(marks) ") + set
  }

  private mutating func variableType() -> TypeRef {
    let type = TypeRef.named(typeNames[random.int(in: 0..<typeNames.count)])
    return chance(0.3) ? .nonNull(.list(type)) : type
  }

  private mutating func defaultValue(_ type: TypeRef) -> String {
    chance(0.1) ? " = \(value(type, 2, constant: true))" : ""
  }

  private mutating func selectionSet(_ typeName: String, _ depth: Int) -> String {
    var items: [String] = []
    let fields = schema.type(typeName)?.fields.elements ?? []
    let subscription = schema.subscriptionType?.name
    for _ in 0..<random.int(in: 1..<5) {
      switch random.int(in: 0..<10) {
      case 0 where !spreadable.isEmpty && typeName != subscription:
        let index = spreadable[random.int(in: spreadable.startIndex..<spreadable.endIndex)]
        let fragment = fragments[index]
        if chance(mistakes) || overlaps(fragment.type, typeName) {
          spread.insert(index)
          items.append("...\(name(fragment.name))\(directives(.fragmentSpread))")
        }
      case 1 where depth > 0 && typeName != subscription:
        let type = chance(0.3) ? typeName : compositeName()
        if chance(mistakes) || overlaps(type, typeName) {
          items.append("... on \(name(type))\(directives(.inlineFragment)) \(selectionSet(type, depth - 1))")
        }
      case 2 where typeName != subscription || chance(mistakes): items.append("__typename")
      case 3 where chance(0.05) && typeName == schema.queryType.name:
        items.append("__type(name: \"\(compositeName())\") { name fields { name type { name } } }")
      default:
        guard !fields.isEmpty else { break }
        items.append(field(fields[random.int(in: 0..<fields.count)], depth, isRoot: typeName == subscription))
        if typeName == subscription, !chance(mistakes * 3) { return "{ \(items.joined(separator: " ")) }" }
      }
    }
    if items.isEmpty { items.append("__typename") }
    return "{ \(items.joined(separator: chance(0.3) ? "\n  " : " ")) }"
  }

  private mutating func field(_ field: FieldDefinition, _ depth: Int, isRoot: Bool) -> String {
    var arguments: [String] = []
    for argument in field.arguments where argument.isRequired ? !chance(mistakes) : chance(0.35) {
      arguments.append("\(name(argument.name)): \(value(argument.type, 2))")
    }
    if chance(mistakes), let first = arguments.first { arguments.append(first) }
    let list = arguments.isEmpty ? "" : "(\(arguments.joined(separator: ", ")))"
    var alias = ""
    if arguments.isEmpty ? chance(0.05) : !chance(mistakes) {
      aliases += 1
      alias = "\(chance(mistakes) ? "name" : "k\(aliases)"): "
    }
    var needsSet = schema.type(of: field.type)?.isComposite == true
    if chance(mistakes) { needsSet.toggle() }
    let set = needsSet ? " " + (depth > 0 ? selectionSet(field.type.name, depth - 1) : "{ __typename }") : ""
    return alias + name(field.name) + list + (isRoot ? "" : directives(.field)) + set
  }

  /// Mostly directives that may stand there.
  private mutating func directives(_ place: DirectiveLocation) -> String {
    guard chance(0.08) else { return "" }
    let fitting = schema.directives.filter { $0.locations.contains(place) }
    let choices = chance(mistakes * 3) ? schema.directives.elements : fitting
    guard !choices.isEmpty else { return "" }
    if chance(mistakes) { return " @nope(x: 1)" }
    let directive = choices[random.int(in: 0..<choices.count)]
    var arguments: [String] = []
    for argument in directive.arguments where argument.isRequired ? !chance(mistakes) : chance(0.3) {
      // Most requests should not skip what is worth comparing.
      let literal = argument.name == "if" && chance(0.6) ? "\(directive.name == "include")" : nil
      arguments.append(
        "\(name(argument.name)): \(literal ?? value(argument.type, 2, constant: place == .variableDefinition))")
    }
    let text = " @\(name(directive.name))" + (arguments.isEmpty ? "" : "(\(arguments.joined(separator: ", ")))")
    return directive.isRepeatable || chance(mistakes) ? text + text : text
  }

  private mutating func value(_ type: TypeRef, _ depth: Int, constant: Bool = false) -> String {
    if !constant, usesVariables, chance(0.2) {
      if let known = variables.first(where: { chance(mistakes) || $0.type == type }) { return "$\(known.name)" }
      if chance(mistakes) { return "$undefined" }
      variables.append(("v\(variables.count)", type))
      return "$v\(variables.count - 1)"
    }
    if chance(mistakes) {
      let wrong = [
        "1", "-5", "1.5", "\"text\"", "LOW", "RED", "true", "null", "[1]", "{ from: 1 }", "[]", "{}", "99999999999",
        "\"\"\"block\"\"\"", "[LOW, 1, null]", "LOWER", "{ byName: \"a\", byID: 1 }", "{ byName: null }", "1e3",
      ]
      return wrong[random.int(in: 0..<wrong.count)]
    }
    return literal(type, depth, constant: constant)
  }

  /// No variable, but perhaps with variables in it.
  private mutating func literal(_ type: TypeRef, _ depth: Int, constant: Bool) -> String {
    switch type {
    case .nonNull(let inner): return literal(inner, depth, constant: constant)
    case .list(let element):
      if chance(0.2) { return literal(element, depth, constant: constant) }
      return "["
        + (0..<random.int(in: 0..<3)).map { _ in value(element, depth, constant: constant) }.joined(separator: ", ")
        + "]"
    case .named(let name):
      switch schema.type(name) {
      case .enumeration(let enumeration)?: return enumeration.values[random.int(in: 0..<enumeration.values.count)].name
      case .input(let input)?: return object(input, depth, constant)
      default: return scalar(name)
      }
    }
  }

  private mutating func object(_ input: InputObjectType, _ depth: Int, _ constant: Bool) -> String {
    var fields: [String] = []
    if input.isOneOf {
      let field = input.fields[random.int(in: 0..<input.fields.count)]
      // A variable there must not be null.
      return "{ \(name(field.name)): \(value(.nonNull(field.type.nullable), depth - 1, constant: constant)) }"
    }
    for field in input.fields where field.isRequired ? !chance(mistakes) : (depth > 0 && chance(0.2)) {
      fields.append("\(name(field.name)): \(value(field.type, depth - 1, constant: constant))")
    }
    if chance(mistakes), let first = fields.first { fields.append(first) }
    return "{ \(fields.joined(separator: ", ")) }"
  }

  private mutating func scalar(_ name: String) -> String {
    switch name {
    case "Int": "\(random.int(in: -3..<100))"
    case "Float": ["1", "-0.5", "1e2", "3.25"][random.int(in: 0..<4)]
    case "Boolean": chance(0.5) ? "true" : "false"
    case "ID": chance(0.5) ? "\"id\"" : "7"
    case "String": ["\"text\"", "\"\"", "\"\\u00e9\\n\"", "\"\"\"a\n  b\"\"\"", "\"ü€😀\""][random.int(in: 0..<5)]
    default: ["1", "\"2020\"", "{ a: [1, true] }", "X"][random.int(in: 0..<4)]
    }
  }

  private mutating func compositeName() -> String { compositeNames[random.int(in: 0..<compositeNames.count)] }

  private func overlaps(_ name: String, _ other: String) -> Bool {
    guard let type = schema.type(name), let otherType = schema.type(other) else { return false }
    return schema.overlap(type, otherType)
  }

  /// The name, or one that is nearly it.
  private mutating func name(_ name: String) -> String {
    guard chance(mistakes / 2) else { return name }
    var characters = Array(name)
    let position = random.int(in: 0..<characters.count)
    switch random.int(in: 0..<4) {
    case 0 where characters.count > 1: characters.remove(at: position)
    case 1: characters[position] = "x"
    case 2: characters.insert("y", at: position)
    default: characters.swapAt(0, position)
    }
    let changed = String(characters)
    return changed.first?.isNumber == true ? "x" + changed : changed
  }

  private mutating func chance(_ likelihood: Double) -> Bool { random.unit() < likelihood }
}
