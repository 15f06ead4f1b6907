// Execution: compiles a valid operation once, runs it level by level over typed columns, and writes the response as
// bytes straight from them.

/// The values of one field for all its parents, one row each, in typed storage.
protocol Column: AnyObject, Sendable {
  /// The objects in these values, flattened in row order, that the field's own fields get as parents; `nil` for
  /// leaf values.
  var objects: (any ObjectRows)? { get }
  /// The length of the longest list in these values, at any level.
  var longestList: Int { get }
  /// Writes the value of one row. Names no null: what a null or an error means is for the writer to decide.
  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written
}

extension Column {
  var objects: (any ObjectRows)? { nil }
  var longestList: Int { 0 }
}

/// What became of one value.
enum Written {
  /// It stands in the response.
  case value
  /// It is null; nothing was written.
  case null
  /// An error was recorded at its path or under it; what was written is to be taken back.
  case failed
}

/// Objects of one Swift type, or of a protocol, that are the parents of a level's fields.
protocol ObjectRows: AnyObject, Sendable {
  var count: Int { get }
  /// Every object without its static type.
  var erased: [Any] { get }
}

/// Unchecked because ``GraphQLOutput`` cannot require `Sendable`; everything that registers a resolver does, and the values
/// are never changed.
final class Rows<Value>: ObjectRows, @unchecked Sendable {
  let values: [Value]

  init(_ values: [Value]) { self.values = values }

  var count: Int { values.count }
  var erased: [Any] { values }
}
