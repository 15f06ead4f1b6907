internal import JSON

/// What answers for a field, its types erased: it receives the parents' rows and returns a column.
enum Resolver: Sendable {
  /// Called in place: no await, no task, no hop.
  case immediate(@Sendable (any ObjectRows, ErasedCall) -> any Column)
  case asynchronous(@Sendable (any ObjectRows, ErasedCall) async -> any Column)
}

/// A resolver and the field it is for.
struct FieldBinding: Sendable {
  let name: String
  let shape: OutputShape
  /// The Swift type of one value, as messages show it.
  let swiftType: String
  let resolver: Resolver
}

/// Collects the resolvers of one object type.
package final class TypeBinding<Parent: Sendable, Context: Sendable> {
  let typeName: String
  private(set) var fields: [FieldBinding] = []

  init(_ typeName: String) { self.typeName = typeName }

  /// A stored property: called in place for each parent.
  package func field<T: Sendable>(_ name: String, _ read: @escaping @Sendable (Parent) -> T) {
    let encoder = columnEncoder(for: T.self)
    add(name, T.self, encoder.shape) { rows, _ in encoder.encode(rows.values.map(read)) }
  }

  /// A computed value that needs arguments or the context but no waiting: called in place for each parent, and may
  /// fail for one of them.
  package func field<T: Sendable>(
    _ name: String, _ read: @escaping @Sendable (Parent, FieldCall<Parent, Context>) throws -> T
  ) {
    let encoder = columnEncoder(for: T.self)
    add(name, T.self, encoder.shape) { rows, call in
      let typed = try Self.typed(rows, call)
      let results = rows.values.map { parent in Result { try read(parent, typed) } }
      return Self.column(results, encoder, call)
    }
  }

  /// Answers for all parents in one call; the result has one value for each parent, in order.
  package func batch<T: Sendable>(
    _ name: String, _ load: @escaping @Sendable (FieldCall<Parent, Context>) async throws -> [T]
  ) {
    let encoder = columnEncoder(for: T.self)
    addAsynchronous(name, T.self, encoder.shape) { rows, call in
      let values = try await load(try Self.typed(rows, call))
      try Self.check(values.count, rows.count, call)
      return encoder.encode(values)
    }
  }

  /// Answers for all parents in one call that does not wait.
  package func batchSync<T: Sendable>(
    _ name: String, _ load: @escaping @Sendable (FieldCall<Parent, Context>) throws -> [T]
  ) {
    let encoder = columnEncoder(for: T.self)
    add(name, T.self, encoder.shape) { rows, call in
      let values = try load(try Self.typed(rows, call))
      try Self.check(values.count, rows.count, call)
      return encoder.encode(values)
    }
  }

  /// Answers for all parents in one call, for some of them with an error.
  package func batchResults<T: Sendable>(
    _ name: String, _ load: @escaping @Sendable (FieldCall<Parent, Context>) async throws -> [Result<T, any Error>]
  ) {
    let encoder = columnEncoder(for: T.self)
    addAsynchronous(name, T.self, encoder.shape) { rows, call in
      let results = try await load(try Self.typed(rows, call))
      try Self.check(results.count, rows.count, call)
      return Self.column(results, encoder, call)
    }
  }

  private func add<T>(
    _ name: String, _: T.Type, _ shape: OutputShape,
    _ resolve: @escaping @Sendable (Rows<Parent>, ErasedCall) throws -> any Column
  ) {
    let resolver = Resolver.immediate { rows, call in
      guard let rows = rows as? Rows<Parent> else { return call.failed(Self.misuse(rows)) }
      do { return try resolve(rows, call) } catch { return call.failed(error) }
    }
    fields.append(FieldBinding(name: name, shape: shape, swiftType: "\(T.self)", resolver: resolver))
  }

  private func addAsynchronous<T>(
    _ name: String, _: T.Type, _ shape: OutputShape,
    _ resolve: @escaping @Sendable (Rows<Parent>, ErasedCall) async throws -> any Column
  ) {
    let resolver = Resolver.asynchronous { rows, call in
      guard let rows = rows as? Rows<Parent> else { return call.failed(Self.misuse(rows)) }
      do { return try await resolve(rows, call) } catch { return call.failed(error) }
    }
    fields.append(FieldBinding(name: name, shape: shape, swiftType: "\(T.self)", resolver: resolver))
  }

  private static func typed(_ rows: Rows<Parent>, _ call: ErasedCall) throws -> FieldCall<Parent, Context> {
    guard let context = call.context as? Context else {
      throw ResolverMisuse(description: "The context is a \(type(of: call.context)), resolvers need \(Context.self)")
    }
    return FieldCall(parents: rows.values, context: context, call: call)
  }

  private static func misuse(_ rows: any ObjectRows) -> ResolverMisuse {
    ResolverMisuse(description: "The parents are \(type(of: rows)), the resolver needs \(Parent.self)")
  }

  private static func check(_ answered: Int, _ asked: Int, _ call: ErasedCall) throws {
    guard answered != asked else { return }
    throw ResolverMisuse(
      description: "The resolver of \(call.coordinate) returned \(answered) values for \(asked) parents")
  }

  private static func column<T: Sendable>(
    _ results: [Result<T, any Error>], _ encoder: ColumnEncoder<T>, _ call: ErasedCall
  ) -> any Column {
    var indices: [Int32] = []
    var values: [T] = []
    var faults: [GraphQLFault] = []
    indices.reserveCapacity(results.count)
    values.reserveCapacity(results.count)
    for result in results {
      switch result {
      case .success(let value):
        indices.append(Int32(truncatingIfNeeded: values.count))
        values.append(value)
      case .failure(let error):
        indices.append(SparseColumn.failure(faults.count))
        faults.append(call.fault(for: error))
      }
    }
    let column = encoder.encode(values)
    return faults.isEmpty ? column : SparseColumn(indices: indices, inner: column, faults: faults)
  }
}

extension TypeBinding where Parent == Root {
  /// A root field: one value for the one root.
  package func root<T: Sendable>(
    _ name: String, _ load: @escaping @Sendable (FieldCall<Root, Context>) async throws -> T
  ) {
    batch(name) { call in [try await load(call)] }
  }

  /// A root field that does not wait.
  package func rootSync<T: Sendable>(
    _ name: String, _ load: @escaping @Sendable (FieldCall<Root, Context>) throws -> T
  ) {
    batchSync(name) { call in [try load(call)] }
  }
}
