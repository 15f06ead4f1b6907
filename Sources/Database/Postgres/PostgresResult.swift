internal import CPostgres
internal import World

/// A result as libpq gave it; decoded where it was asked. Immutable, freed with the last reference.
final class PostgresResult: @unchecked Sendable {
  private let pointer: OpaquePointer
  private let columns: ColumnNames

  /// Takes the result over.
  init(_ pointer: OpaquePointer, columns: ColumnNames) {
    self.pointer = pointer
    self.columns = columns
  }

  deinit { PQclear(pointer) }

  static func names(_ pointer: OpaquePointer) -> ColumnNames {
    ColumnNames((0..<PQnfields(pointer)).map { PQfname(pointer, $0).map { String(cString: $0) } ?? "" })
  }

  /// Rows that the statement changed.
  var changes: Int { PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0 }

  /// `COMMIT`, `ROLLBACK`, `INSERT 0 1`…
  var command: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }

  /// - Throws: `DatabaseError` of kind `.decoding` for a type that we do not read.
  func rows() throws(DatabaseError) -> [Row] {
    let count = PQntuples(pointer)
    let width = PQnfields(pointer)
    var values: [Value] = []
    values.reserveCapacity(Int(count) * Int(width))
    let types = (0..<width).map { PQftype(pointer, $0) }
    for row in 0..<count {
      for column in 0..<width {
        if PQgetisnull(pointer, row, column) != 0 {
          values.append(.null)
          continue
        }
        let type = types[Int(column)]
        let bytes = UnsafeRawBufferPointer(
          start: PQgetvalue(pointer, row, column), count: Int(PQgetlength(pointer, row, column)))
        guard let value = decode(bytes, type) else {
          throw DatabaseError(
            .decoding, "column \(columns.names[Int(column)]) has a type that is not read here (oid \(type))")
        }
        values.append(value)
      }
    }
    return RowSet(columns: columns, values: values, count: Int(count)).rows
  }
}

/// A value in binary format; `nil` when the type is not known or the bytes are not of it.
private func decode(_ bytes: UnsafeRawBufferPointer, _ type: Oid) -> Value? {
  switch type {
  case PostgresType.int8, 5069: integer(bytes, Int64.self).map { .int($0) }  // and xid8
  case 23: integer(bytes, Int32.self).map { .int(Int64($0)) }
  case 21: integer(bytes, Int16.self).map { .int(Int64($0)) }
  case 26, 28, 29, 2205: integer(bytes, UInt32.self).map { .int(Int64($0)) }  // oid, xid, cid, regclass
  case PostgresType.text, 18, 19, 114, 705, 1042, 1043:  // and "char", name, json, unknown, bpchar, varchar
    .text(String(decoding: bytes, as: UTF8.self))
  case 3802: bytes.first == 1 ? .text(String(decoding: bytes.dropFirst(), as: UTF8.self)) : nil  // jsonb, version 1
  case PostgresType.uuid: uuid(bytes)
  case PostgresType.bool: bytes.first.map { .bool($0 != 0) }
  case PostgresType.float8: integer(bytes, UInt64.self).map { .double(Double(bitPattern: $0)) }
  case 700: integer(bytes, UInt32.self).map { .double(Double(Float(bitPattern: $0))) }
  case PostgresType.bytes: .bytes([UInt8](bytes))
  case 1700: numeric(bytes)
  case 1114, 1184: integer(bytes, Int64.self).map { .int($0 / 1000 + 946_684_800_000) }  // timestamps, ms since 1970
  case 2278: .null  // void
  case 1000, 1001, 1002, 1003, 1005, 1007, 1009, 1015, 1016, 1022, 1028, 2951: list(bytes)
  default: nil
  }
}

private func integer<T: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ type: T.Type, at offset: Int = 0) -> T? {
  guard offset >= 0, bytes.count >= offset + MemoryLayout<T>.size else { return nil }
  return T(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
}

private func uuid(_ bytes: UnsafeRawBufferPointer) -> Value? {
  guard let high = integer(bytes, UInt64.self), let low = integer(bytes, UInt64.self, at: 8) else { return nil }
  return .id(ID(high: high, low: low))
}

/// An array of one dimension, or an empty one (`array_send`).
private func list(_ bytes: UnsafeRawBufferPointer) -> Value? {
  guard let dimensions = integer(bytes, Int32.self), let element = integer(bytes, Oid.self, at: 8) else { return nil }
  if dimensions == 0 { return .list([]) }
  guard dimensions == 1, let count = integer(bytes, Int32.self, at: 12), count >= 0 else { return nil }
  var values: [Value] = []
  var offset = 20
  for _ in 0..<count {
    guard let length = integer(bytes, Int32.self, at: offset) else { return nil }
    offset += 4
    if length < 0 {
      values.append(.null)
      continue
    }
    guard offset + Int(length) <= bytes.count else { return nil }
    guard let value = decode(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(length)]), element) else {
      return nil
    }
    values.append(value)
    offset += Int(length)
  }
  return .list(values)
}

/// `numeric` (`numeric_send`): digits to base 10,000. Whole numbers that fit become integers, as sums of `bigint` are.
private func numeric(_ bytes: UnsafeRawBufferPointer) -> Value? {
  guard let count = integer(bytes, Int16.self), let weight = integer(bytes, Int16.self, at: 2),
    let sign = integer(bytes, UInt16.self, at: 4), let scale = integer(bytes, Int16.self, at: 6)
  else { return nil }
  guard sign == 0 || sign == 0x4000 else { return .double(.nan) }
  var digits: [Int16] = []
  for index in 0..<Int(max(0, count)) {
    guard let digit = integer(bytes, Int16.self, at: 8 + 2 * index) else { return nil }
    digits.append(digit)
  }
  if scale == 0, let whole = whole(digits, places: Int(weight) + 1) { return .int(sign == 0 ? whole : -whole) }
  var value = 0.0
  for digit in digits { value = value * 10_000 + Double(digit) }
  var exponent = Int(weight) + 1 - digits.count
  while exponent > 0 {
    value *= 10_000
    exponent -= 1
  }
  while exponent < 0 {
    value /= 10_000
    exponent += 1
  }
  return .double(sign == 0 ? value : -value)
}

/// The digits before the point as an integer, when it fits.
private func whole(_ digits: [Int16], places: Int) -> Int64? {
  var whole: Int64 = 0
  for place in 0..<max(0, places) {
    let digit = place < digits.count ? Int64(digits[place]) : 0
    let (scaled, tooLarge) = whole.multipliedReportingOverflow(by: 10_000)
    let (sum, overflow) = scaled.addingReportingOverflow(digit)
    if tooLarge || overflow { return nil }
    whole = sum
  }
  return whole
}
