extension SchemaValidation {
  /// An object or interface has all that the interfaces it implements ask for (specification, 3.6, IsValidImplementation).
  mutating func interfaces(_ type: MergedType) {
    guard let own = schema.types[type.name]?.fielded else { return }
    var seen: Set<String> = []
    for part in type.parts {
      for node in part.node.interfaces {
        let origin = Origin(source: part.source, offset: node.offset)
        guard let target = schema.types[node.value] else {
          let hint = didYouMean(suggestions(for: node.value, among: schema.types.names))
          problems.add("Unknown type \"\(node.value)\".\(hint)", at: origin)
          continue
        }
        guard case .interface(let interface) = target else {
          problems.add(
            "Type \(type.name) must only implement Interface types, it cannot implement \(node.value).", at: origin)
          continue
        }
        if node.value == type.name {
          problems.add(
            "Type \(type.name) cannot implement itself because it would create a circular reference.", at: origin)
          continue
        }
        if !seen.insert(node.value).inserted {
          problems.add("Type \(type.name) can only implement \(node.value) once.", at: origin)
          continue
        }
        ancestors(own, interface, origin)
        implementation(own, interface)
      }
    }
  }

  private mutating func ancestors(_ type: FieldedType, _ interface: FieldedType, _ origin: Origin) {
    for ancestor in interface.interfaces where !type.interfaces.contains(ancestor) {
      problems.add(
        ancestor == type.name
          ? "Type \(type.name) cannot implement \(interface.name) because it would create a circular reference."
          : "Type \(type.name) must implement \(ancestor) because it is implemented by \(interface.name).", at: origin)
    }
  }

  private mutating func implementation(_ type: FieldedType, _ interface: FieldedType) {
    for expected in interface.fields {
      let title = "\(interface.name).\(expected.name)"
      guard let field = type.fields[expected.name] else {
        problems.add(
          "Interface field \(title) expected but \(type.name) does not provide it.", at: type.common.origin)
        continue
      }
      let ownTitle = "\(type.name).\(field.name)"
      if !schema.isSubtype(field.type, of: expected.type) {
        problems.add(
          "Interface field \(title) expects type \(expected.type) but \(ownTitle) is type \(field.type).",
          at: field.origin)
      }
      for argument in expected.arguments {
        let argumentTitle = "Interface field argument \(title)(\(argument.name):)"
        guard let own = field.arguments[argument.name] else {
          problems.add("\(argumentTitle) expected but \(ownTitle) does not provide it.", at: field.origin)
          continue
        }
        if own.type != argument.type {
          problems.add(
            "\(argumentTitle) expects type \(argument.type) but \(ownTitle)(\(argument.name):) is type \(own.type).",
            at: own.origin)
        }
      }
      if field.deprecationReason != nil, expected.deprecationReason == nil {
        problems.add(
          "Interface field \(title) is not deprecated, so implementation field \(ownTitle) must not be deprecated.",
          at: field.origin)
      }
      for argument in field.arguments where argument.isRequired && expected.arguments[argument.name] == nil {
        problems.add(
          "Object field \(ownTitle) includes required argument \(argument.name) that is missing from "
            + "the Interface field \(title).", at: argument.origin)
      }
    }
  }
}
