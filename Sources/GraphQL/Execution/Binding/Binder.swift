/// Compares the resolvers with the SDL, and finds every mistake before the first request does.
struct Binder {
  private let schema: Schema
  private let objects: [ObjectBinding]
  private let roots: [RootBinding]
  private let subscriptions: [SubscriptionBinding]
  private let abstracts: [AbstractBinding]
  private let scalars: [ScalarBinding]

  private var problems = ProblemList()
  private var resolvers: [String: [String: Resolver]] = [:]
  private var sources: [String: BoundSchema.EventSource] = [:]
  /// The Swift type of each object type.
  private var bound: [String: ObjectBinding] = [:]

  /// - Throws: ``BindingErrors`` with all mistakes.
  static func bind<Context>(
    _ schema: Schema, _ resolvers: Resolvers<Context>
  ) throws(BindingErrors) -> BoundSchema {
    let introspection = Resolvers<Context>()
    introspection.bindIntrospection(schema)
    var binder = Binder(
      schema: schema, objects: introspection.objects + resolvers.objects, roots: introspection.roots + resolvers.roots,
      subscriptions: resolvers.subscriptions, abstracts: resolvers.abstracts, scalars: resolvers.scalars)
    return try binder.bind()
  }

  private init(
    schema: Schema, objects: [ObjectBinding], roots: [RootBinding], subscriptions: [SubscriptionBinding],
    abstracts: [AbstractBinding], scalars: [ScalarBinding]
  ) {
    self.schema = schema
    self.objects = objects
    self.roots = roots
    self.subscriptions = subscriptions
    self.abstracts = abstracts
    self.scalars = scalars
  }

  private mutating func bind() throws(BindingErrors) -> BoundSchema {
    bindTypes()
    bindObjects()
    bindRoots()
    findUnbound()
    checkScalars()
    let dispatches = bindAbstracts()
    guard problems.problems.isEmpty else { throw BindingErrors(problems: problems.problems) }
    return BoundSchema(
      schema: schema, resolvers: resolvers, sources: sources, dispatches: dispatches, scalars: scalars)
  }

  /// Which Swift type each object type has; before fields, because fields refer to them.
  private mutating func bindTypes() {
    for object in objects {
      guard let type = schema.type(object.name) else {
        let hint = didYouMean(suggestions(for: object.name, among: schema.types.names))
        problems.add("Resolvers are bound to type \"\(object.name)\", which the schema does not have.\(hint)", at: nil)
        continue
      }
      guard case .object = type else {
        problems.add("Resolvers are bound to \"\(object.name)\", which is not an object type.", at: type.origin)
        continue
      }
      if let first = bound[object.name], first.swiftType != object.swiftType {
        problems.add(
          "Type \"\(object.name)\" is bound to two Swift types, \(first.swiftName) and \(object.swiftName).",
          at: type.origin)
      } else {
        bound[object.name] = object
      }
    }
  }

  private mutating func bindObjects() {
    for object in objects where bound[object.name]?.swiftType == object.swiftType {
      guard case .object(let type)? = schema.type(object.name) else { continue }
      for field in object.fields { bind(field, on: type) }
    }
  }

  private mutating func bindRoots() {
    for root in roots {
      guard let type = schema.rootType(root.kind) else {
        let names = root.fields.map { "\"\($0.name)\"" }.joined(separator: ", ")
        problems.add("The schema has no \(root.kind.rawValue) type for the resolvers of \(names).", at: nil)
        continue
      }
      for field in root.fields { bind(field, on: type) }
    }
    for subscription in subscriptions {
      for field in subscription.fields {
        guard let type = schema.subscriptionType else {
          problems.add("The schema has no subscription type for the resolvers of \"\(field.name)\".", at: nil)
          continue
        }
        bind(field, on: type)
        sources[field.name] = subscription.source
      }
    }
  }

  private mutating func bind(_ field: FieldBinding, on type: FieldedType) {
    guard let definition = schema.field(field.name, on: .object(type)) else {
      let hint = didYouMean(suggestions(for: field.name, among: type.fields.names))
      problems.add(
        "A resolver is bound to \"\(type.name).\(field.name)\", but the type has no such field.\(hint)",
        at: type.common.origin)
      return
    }
    guard resolvers[type.name]?[field.name] == nil else {
      problems.add("Field \"\(type.name).\(field.name)\" has two resolvers.", at: definition.origin)
      return
    }
    resolvers[type.name, default: [:]][field.name] = field.resolver
    if let reason = mismatch(field.shape, definition.type) {
      problems.add(
        "Field \"\(type.name).\(field.name)\" is \"\(definition.type)\", "
          + "but its resolver returns \(field.swiftType): \(reason).",
        at: definition.origin)
    }
  }

  private mutating func findUnbound() {
    let rootNames = [schema.queryType, schema.mutationType, schema.subscriptionType].compactMap { $0?.name }
    for type in schema.types {
      guard case .object(let object) = type else { continue }
      guard rootNames.contains(object.name) || bound[object.name] != nil else {
        if !objects.contains(where: { $0.name == object.name }) {
          problems.add("Type \"\(object.name)\" is bound to no Swift type.", at: type.origin)
        }
        continue
      }
      for field in object.fields where resolvers[object.name]?[field.name] == nil {
        problems.add("Field \"\(object.name).\(field.name)\" has no resolver.", at: field.origin)
      }
    }
  }

  private mutating func checkScalars() {
    var seen: Set<String> = []
    for scalar in scalars {
      guard case .scalar? = schema.type(scalar.name), !BuiltIns.scalars.contains(scalar.name) else {
        problems.add("\"\(scalar.name)\" is not a custom scalar of the schema.", at: schema.type(scalar.name)?.origin)
        continue
      }
      if !seen.insert(scalar.name).inserted {
        problems.add("Scalar \"\(scalar.name)\" is bound twice.", at: schema.type(scalar.name)?.origin)
      }
    }
  }

  private mutating func bindAbstracts() -> [String: AbstractDispatch] {
    var explicit: [String: AbstractBinding] = [:]
    for abstract in abstracts {
      guard let type = schema.type(abstract.name), type.isAbstract else {
        problems.add(
          "\"\(abstract.name)\" is not an interface or union of the schema.", at: schema.type(abstract.name)?.origin)
        continue
      }
      if explicit.updateValue(abstract, forKey: abstract.name) != nil {
        problems.add("\"\(abstract.name)\" is bound twice.", at: type.origin)
      }
    }
    var result: [String: AbstractDispatch] = [:]
    for type in schema.types where type.isAbstract {
      let possible = schema.possibleTypes(of: type).compactMap { bound[$0] }
      let rows = Dictionary(possible.map { ($0.name, $0.rows) }, uniquingKeysWith: { first, _ in first })
      if let binding = explicit[type.name] {
        result[type.name] = AbstractDispatch(open: binding.open, rows: rows)
      } else if let twice = firstSharedType(possible) {
        problems.add(
          "\"\(type.name)\" needs an abstract resolver: \"\(twice.0)\" and \"\(twice.1)\" are bound to one Swift type.",
          at: type.origin)
      } else {
        result[type.name] = AbstractDispatch(open: Self.byDynamicType(type.name, possible), rows: rows)
      }
    }
    return result
  }

  private func firstSharedType(_ possible: [ObjectBinding]) -> (String, String)? {
    var names: [ObjectIdentifier: String] = [:]
    for object in possible {
      if let other = names.updateValue(object.name, forKey: object.swiftType) { return (other, object.name) }
    }
    return nil
  }

  private static func byDynamicType(
    _ abstract: String, _ possible: [ObjectBinding]
  ) -> @Sendable (Any) throws -> TypedObject {
    let names = Dictionary(possible.map { ($0.swiftType, $0.name) }, uniquingKeysWith: { first, _ in first })
    return { value in
      guard let name = names[ObjectIdentifier(type(of: value))] else {
        throw ResolverMisuse(
          description: "A \(type(of: value)) came as \(abstract), none of whose types is bound to it")
      }
      return TypedObject(name, value)
    }
  }
}

/// Whether values of a Swift type can answer for an SDL type.
extension Binder {
  /// Why not, or `nil`.
  private func mismatch(_ shape: OutputShape, _ type: TypeRef) -> String? {
    if case .nonNull(let inner) = type {
      if case .optional = shape { return "an optional cannot stand for \"\(type)\", which is never null" }
      return mismatch(nullable: shape, inner)
    }
    if case .optional(let inner) = shape { return mismatch(nullable: inner, type) }
    return mismatch(nullable: shape, type)
  }

  private func mismatch(nullable shape: OutputShape, _ type: TypeRef) -> String? {
    switch (shape, type) {
    case (.list(let inner), .list(let element)): return mismatch(inner, element)
    case (.list, _): return "\"\(type)\" is not a list"
    case (_, .list): return "\"\(type)\" is a list"
    case (.optional, _): return "it is optional twice"
    case (_, .nonNull(let inner)): return mismatch(nullable: shape, inner)
    case (_, .named(let name)): return mismatch(leaf: shape, name)
    }
  }

  private func mismatch(leaf shape: OutputShape, _ name: String) -> String? {
    guard let type = schema.type(name) else { return nil }
    switch (type, shape) {
    case (.scalar, .string): return fits(name, ["String", "ID"])
    case (.scalar, .int): return fits(name, ["Int", "Float", "ID"])
    case (.scalar, .double): return fits(name, ["Float"])
    case (.scalar, .bool): return fits(name, ["Boolean"])
    case (.scalar, .id): return fits(name, ["ID", "String"])
    case (.scalar, .time): return fits(name, ["String"])
    case (.scalar, .json): return fits(name, [])
    case (.scalar, .enumeration): return fits(name, ["String"])
    case (.enumeration, .string): return nil
    case (.enumeration(let enumeration), .enumeration(let swiftName, let cases)):
      let unknown = (cases ?? []).filter { enumeration.values[$0] == nil }
      guard !unknown.isEmpty else { return nil }
      return "\(swiftName) has \(unknown.joined(separator: ", ")), the enum \"\(name)\" has not"
    case (.object, .object(let identifier, _)):
      guard let binding = bound[name], binding.swiftType != identifier else { return nil }
      return "type \"\(name)\" is bound to \(binding.swiftName)"
    case (.interface, .object), (.union, .object): return nil
    case (.scalar, .object), (.enumeration, .object): return "\"\(name)\" is not an object"
    default: return "\"\(name)\" is neither scalar nor enum"
    }
  }

  private func fits(_ scalar: String, _ accepted: [String]) -> String? {
    if !BuiltIns.scalars.contains(scalar) || accepted.contains(scalar) { return nil }
    return "the scalar \"\(scalar)\" has other values"
  }
}
