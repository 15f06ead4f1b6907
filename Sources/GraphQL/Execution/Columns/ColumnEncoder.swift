internal import JSON
internal import World

/// Turns values of one Swift type into a column. Made once, when a resolver is registered and its type is known, so
/// that execution asks no value for its type.
struct ColumnEncoder<Value>: Sendable {
  let shape: OutputShape
  let encode: @Sendable ([Value]) -> any Column
}

/// What a Swift type can answer for; compared with the field's SDL type at start-up.
indirect enum OutputShape: Sendable {
  case string, int, double, bool, id, time, json
  /// A Swift enum whose raw values are strings; `cases` where it is `CaseIterable`.
  case enumeration(name: String, cases: [String]?)
  case object(ObjectIdentifier, name: String)
  case optional(OutputShape)
  case list(OutputShape)
}

/// A Swift type that stands for more than an object: a scalar, or a wrapper around other values.
///
/// Optionals and arrays conform whatever they hold, because a conformance may not depend on `Sendable`; everything that
/// registers a resolver requires it.
protocol GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<Self>
}

/// The encoder for any type at all: what is neither scalar, wrapper nor string enum is an object.
func columnEncoder<Value>(for type: Value.Type) -> ColumnEncoder<Value> {
  if let output = type as? any GraphQLOutput.Type {
    func open<Output: GraphQLOutput>(_: Output.Type) -> Any { Output.columnEncoder() }
    if let encoder = open(output) as? ColumnEncoder<Value> { return encoder }
  }
  if let raw = type as? any RawRepresentable.Type {
    func open<Raw: RawRepresentable>(_: Raw.Type) -> Any? { enumerationEncoder(for: Raw.self, as: Value.self) }
    if let encoder = open(raw) as? ColumnEncoder<Value> { return encoder }
  }
  return ColumnEncoder(shape: .object(ObjectIdentifier(type), name: "\(type)")) { ObjectColumn(Rows($0)) }
}

private func enumerationEncoder<Raw: RawRepresentable, Value>(
  for: Raw.Type, as: Value.Type
) -> ColumnEncoder<Value>? {
  guard Raw.RawValue.self == String.self else { return nil }
  var cases: [String]?
  if let iterable = Raw.self as? any CaseIterable.Type {
    func open<All: CaseIterable>(_: All.Type) -> [String] {
      All.allCases.compactMap { ($0 as? Raw)?.rawValue as? String }
    }
    cases = open(iterable)
  }
  return ColumnEncoder(shape: .enumeration(name: "\(Raw.self)", cases: cases)) { values in
    StringColumn(values.map { (($0 as? Raw)?.rawValue as? String) ?? "" })
  }
}

extension String: GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<String> { ColumnEncoder(shape: .string) { StringColumn($0) } }
}

extension Int: GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<Int> {
    ColumnEncoder(shape: .int) { IntColumn($0.map { Int64($0) }) }
  }
}

extension Int32: GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<Int32> {
    ColumnEncoder(shape: .int) { IntColumn($0.map { Int64($0) }) }
  }
}

extension Int64: GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<Int64> { ColumnEncoder(shape: .int) { IntColumn($0) } }
}

extension Double: GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<Double> { ColumnEncoder(shape: .double) { DoubleColumn($0) } }
}

extension Bool: GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<Bool> { ColumnEncoder(shape: .bool) { BoolColumn($0) } }
}

extension ID: GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<ID> { ColumnEncoder(shape: .id) { IDColumn($0) } }
}

extension WallTime: GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<WallTime> { ColumnEncoder(shape: .time) { TimeColumn($0) } }
}

extension JSON: GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<JSON> { ColumnEncoder(shape: .json) { JSONColumn($0) } }
}

extension JSONObject: GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<JSONObject> {
    ColumnEncoder(shape: .json) { JSONColumn($0.map(JSON.object)) }
  }
}

extension Optional: GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<Wrapped?> {
    let inner = GraphQL.columnEncoder(for: Wrapped.self)
    return ColumnEncoder(shape: .optional(inner.shape)) { values in
      var indices: [Int32] = []
      var present: [Wrapped] = []
      indices.reserveCapacity(values.count)
      present.reserveCapacity(values.count)
      for value in values {
        if let value {
          indices.append(Int32(truncatingIfNeeded: present.count))
          present.append(value)
        } else {
          indices.append(SparseColumn.null)
        }
      }
      let column = inner.encode(present)
      return present.count == values.count ? column : SparseColumn(indices: indices, inner: column)
    }
  }
}

extension Array: GraphQLOutput {
  static func columnEncoder() -> ColumnEncoder<[Element]> {
    let inner = GraphQL.columnEncoder(for: Element.self)
    return ColumnEncoder(shape: .list(inner.shape)) { lists in
      var offsets = [0]
      offsets.reserveCapacity(lists.count + 1)
      for list in lists { offsets.append(offsets[offsets.count - 1] + list.count) }
      if lists.count == 1 { return ListColumn(offsets: offsets, inner: inner.encode(lists[0])) }
      var flat: [Element] = []
      flat.reserveCapacity(offsets[offsets.count - 1])
      for list in lists { flat.append(contentsOf: list) }
      return ListColumn(offsets: offsets, inner: inner.encode(flat))
    }
  }
}
