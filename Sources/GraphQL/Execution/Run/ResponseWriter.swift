internal import JSON
internal import World

/// Writes `data` straight from the columns, completing values (specification, 6.4.3) and handling errors (6.4.4) on the
/// way: an error takes back what was written up to the nearest position that may be null.
///
/// Errors come in the order of the response. As in the reference implementation, once a position has become null for an
/// error under it, what else lies under it is not looked at.
struct ResponseWriter {
  var json: JSONWriter
  private(set) var errors: [GraphQLError] = []
  private(set) var omittedErrors = 0
  /// The paths of the errors, innermost step first: they grow while the writer returns from where the errors arose, so
  /// that what succeeds costs nothing. Indices in lists as they are; fields as the complement of their ids.
  private var paths: [[Int]] = []
  /// The id of the field that is being written.
  private var field = 0
  private let plan: OperationPlan
  private let variables: VariableValues
  private let errorLimit: Int

  init(plan: OperationPlan, variables: VariableValues, errorLimit: Int, reserving capacity: Int) {
    json = JSONWriter(reserving: capacity)
    self.plan = plan
    self.variables = variables
    self.errorLimit = errorLimit
  }

  /// Writes the root's object, or null when an error reached it.
  mutating func root(_ frame: Frame) {
    let mark = json.bytes.count
    if case .failed = object(frame, 0) {
      json.bytes.removeLast(json.bytes.count - mark)
      json.null()
    }
    for (index, path) in paths.enumerated() {
      errors[index].path = path.reversed().map { $0 < 0 ? .key(plan.fields[~$0].responseKey) : .index($0) }
    }
  }

  /// The errors recorded since there were `count` lie under this step.
  @inline(__always)
  private mutating func lead(_ step: Int, since count: Int) {
    if paths.count > count {
      for index in count..<paths.count { paths[index].append(step) }
    }
  }

  /// The value or null at the current place; false when neither may stand there, so that the parent falls.
  private mutating func complete(
    _ column: any Column, _ row: Int, as type: CompletionType, under child: ChildFrames
  ) -> Bool {
    let mark = json.bytes.count
    let field = field
    switch column.write(row, as: type, under: child, to: &self) {
    case .value: return true
    case .null:
      if type.nonNull {
        self.field = field
        _ = fail("Cannot return null for non-nullable field \(plan.fields[field].coordinate).")
        return false
      }
    case .failed:
      json.bytes.removeLast(json.bytes.count - mark)
      if type.nonNull { return false }
    }
    json.null()
    return true
  }

  private mutating func object(_ frame: Frame, _ row: Int) -> Written {
    json.raw(UInt8(ascii: "{"))
    let cells = frame.cells
    for index in cells.indices {
      let field = cells[index].field
      if index > 0 { json.raw(UInt8(ascii: ",")) }
      json.raw(field.keyBytes)
      self.field = field.id
      let count = paths.count
      let stands = complete(cells[index].column, row, as: field.type, under: cells[index].child)
      lead(~field.id, since: count)
      if !stands { return .failed }
    }
    json.raw(UInt8(ascii: "}"))
    return .value
  }

  mutating func object(_ row: Int, in child: ChildFrames) -> Written {
    switch child {
    case .object(let frame): return object(frame, row)
    case .abstract(let frames):
      let place = frames.places[row]
      if place.frame < 0 { return fail(frames.faults[~place.frame]) }
      return object(frames.frames[place.frame], place.row)
    case .none: return mismatch()
    }
  }

  mutating func list(
    _ inner: any Column, rows: Range<Int>, as item: CompletionType, under child: ChildFrames
  ) -> Written {
    json.raw(UInt8(ascii: "["))
    let field = field
    for row in rows {
      let position = row - rows.lowerBound
      if position > 0 { json.raw(UInt8(ascii: ",")) }
      self.field = field
      let count = paths.count
      let stands = complete(inner, row, as: item, under: child)
      lead(position, since: count)
      if !stands { return .failed }
    }
    json.raw(UInt8(ascii: "]"))
    return .value
  }
}

/// Result coercion of leaf values (specification, 3.5 and 3.9), with the reference implementation's messages.
extension ResponseWriter {
  mutating func string(_ value: String, as leaf: LeafType) -> Written {
    switch leaf {
    case .string, .id: json.string(value)
    case .enumeration(let type):
      guard type.values.contains(value) else {
        return fail("Enum \"\(type.name)\" cannot represent value: \"\(value)\"")
      }
      json.string(value)
    case .custom(let type): return custom(.string(value), type)
    case .int, .float, .boolean, .composite: return mismatch()
    }
    return .value
  }

  mutating func identifier(_ value: ID, as leaf: LeafType) -> Written {
    switch leaf {
    case .string, .id: json.identifier(value)
    default: return string(value.description, as: leaf)
    }
    return .value
  }

  mutating func int(_ value: Int64, as leaf: LeafType) -> Written {
    switch leaf {
    case .int:
      guard Int32(exactly: value) != nil else {
        return fail("Int cannot represent non 32-bit signed integer value: \(value)")
      }
      json.int(value)
    case .float: json.int(value)
    case .id: json.string(String(value))
    case .custom(let type): return custom(.int(value), type)
    case .string, .boolean, .enumeration, .composite: return mismatch()
    }
    return .value
  }

  mutating func double(_ value: Double, as leaf: LeafType) -> Written {
    switch leaf {
    case .float:
      guard value.isFinite else { return fail("Float cannot represent non numeric value: \(value)") }
      json.double(value)
    case .custom(let type): return custom(.double(value), type)
    case .int, .string, .id, .boolean, .enumeration, .composite: return mismatch()
    }
    return .value
  }

  mutating func bool(_ value: Bool, as leaf: LeafType) -> Written {
    switch leaf {
    case .boolean: json.bool(value)
    case .custom(let type): return custom(.bool(value), type)
    case .int, .float, .string, .id, .enumeration, .composite: return mismatch()
    }
    return .value
  }

  mutating func json(_ value: JSON, as leaf: LeafType) -> Written {
    guard case .custom(let type) = leaf else { return mismatch() }
    return custom(value, type)
  }

  private mutating func custom(_ value: JSON, _ type: CustomLeaf) -> Written {
    var value = value
    if let serialize = type.serialize {
      do { value = try serialize(value) } catch {
        return fail((error as? GraphQLFault) ?? .internalError)
      }
    }
    if value.isNull { return .null }
    json.value(value)
    return .value
  }
}

extension ResponseWriter {
  /// Records an error at the current place.
  /// - Parameter offset: of what is wrong in the document, where that is not the field.
  mutating func fail(_ fault: GraphQLFault, at offset: Int? = nil) -> Written {
    guard errors.count < errorLimit else {
      omittedErrors += 1
      return .failed
    }
    let places = offset.map { [plan.document.location($0)] } ?? locations(of: plan.fields[field])
    errors.append(GraphQLError(fault.message, locations: places, extensions: fault.responseExtensions))
    paths.append([])
    return .failed
  }

  private mutating func fail(_ message: String) -> Written { fail(GraphQLFault(message, code: "INVALID_RESULT")) }

  /// A column does not fit the type it is written as; start-up checks make this impossible for registered resolvers.
  mutating func mismatch() -> Written { fail(.internalError) }

  private func locations(of field: FieldPlan) -> [SourceLocation] {
    field.offsets(given: variables).map { plan.document.location($0) }
  }
}

extension JSONWriter {
  /// Appends an identifier as a string, without making one.
  fileprivate mutating func identifier(_ id: ID) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 38) { buffer in
      buffer.initialize(repeating: UInt8(ascii: "\""))
      var position = 1
      for nibble in 0..<32 {
        if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
          buffer[position] = UInt8(ascii: "-")
          position += 1
        }
        let word = nibble < 16 ? id.high : id.low
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (nibble & 15)) & 15)
        buffer[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
        position += 1
      }
      bytes.append(contentsOf: buffer)
    }
  }
}
