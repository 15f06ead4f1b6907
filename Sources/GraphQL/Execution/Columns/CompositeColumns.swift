/// Objects: the values live in the parents of the next level, this column only points there.
final class ObjectColumn: Column {
  private let rows: any ObjectRows

  init(_ rows: any ObjectRows) { self.rows = rows }

  var objects: (any ObjectRows)? { rows }

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    out.object(row, in: child)
  }
}

/// Lists: row `r` holds the inner rows from `offsets[r]` up to `offsets[r + 1]`.
final class ListColumn: Column {
  private let offsets: [Int]
  private let inner: any Column
  let longestList: Int

  init(offsets: [Int], inner: any Column) {
    self.offsets = offsets
    self.inner = inner
    var longest = inner.longestList
    for row in 0..<max(0, offsets.count - 1) { longest = max(longest, offsets[row + 1] - offsets[row]) }
    longestList = longest
  }

  var objects: (any ObjectRows)? { inner.objects }

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    guard let item = type.item else { return out.mismatch() }
    return out.list(inner, rows: offsets[row]..<offsets[row + 1], as: item, under: child)
  }
}

/// Values of which some are null or failed: row `r` is the inner row `indices[r]`, null, or an error.
final class SparseColumn: Column {
  /// The index of a row that is null; an index below it names an error.
  static let null: Int32 = -1

  /// The index of a row that failed with the error of that number.
  static func failure(_ number: Int) -> Int32 { -2 - Int32(truncatingIfNeeded: number) }

  private let indices: [Int32]
  private let inner: any Column
  private let faults: [GraphQLFault]

  init(indices: [Int32], inner: any Column, faults: [GraphQLFault] = []) {
    self.indices = indices
    self.inner = inner
    self.faults = faults
  }

  var objects: (any ObjectRows)? { inner.objects }
  var longestList: Int { inner.longestList }

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    let index = indices[row]
    if index >= 0 { return inner.write(Int(index), as: type, under: child, to: &out) }
    return index == Self.null ? .null : out.fail(faults[-2 - Int(index)])
  }
}

/// A field that failed as a whole: every row has the same error, each at its own path.
final class FailedColumn: Column {
  private let fault: GraphQLFault
  /// Byte offset in the document of what is wrong, where that is not the field.
  private let offset: Int?

  init(_ fault: GraphQLFault, at offset: Int? = nil) {
    self.fault = fault
    self.offset = offset
  }

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    out.fail(fault, at: offset)
  }
}
