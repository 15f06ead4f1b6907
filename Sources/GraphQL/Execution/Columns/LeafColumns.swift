internal import JSON
internal import World

// One small class per storage, so that a column of 1,000 strings is one array and one object.

final class StringColumn: Column {
  private let values: [String]

  init(_ values: [String]) { self.values = values }

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    out.string(values[row], as: type.leaf)
  }
}

final class IntColumn: Column {
  private let values: [Int64]

  init(_ values: [Int64]) { self.values = values }

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    out.int(values[row], as: type.leaf)
  }
}

final class DoubleColumn: Column {
  private let values: [Double]

  init(_ values: [Double]) { self.values = values }

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    out.double(values[row], as: type.leaf)
  }
}

final class BoolColumn: Column {
  private let values: [Bool]

  init(_ values: [Bool]) { self.values = values }

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    out.bool(values[row], as: type.leaf)
  }
}

final class IDColumn: Column {
  private let values: [ID]

  init(_ values: [ID]) { self.values = values }

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    out.identifier(values[row], as: type.leaf)
  }
}

final class TimeColumn: Column {
  private let values: [WallTime]

  init(_ values: [WallTime]) { self.values = values }

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    out.string(values[row].rfc3339, as: type.leaf)
  }
}

final class JSONColumn: Column {
  private let values: [JSON]

  init(_ values: [JSON]) { self.values = values }

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    out.json(values[row], as: type.leaf)
  }
}

/// The name of a frame's type, the same in every row (`__typename`).
final class ConstantColumn: Column {
  private let value: String

  init(_ value: String) { self.value = value }

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    out.string(value, as: .string)
  }
}
