internal import Cryptography
internal import World

/// Histograms as text that every HdrHistogram reads: its encoding V2 (cookie 0x1c849313: lengths and counts as zigzag
/// LEB128), in a zlib stream (cookie 0x1c849314), in base64.
///
/// The stream's blocks are stored as they are (RFC 1951, section 3.2.4), so that no compression library is needed: the counts
/// are packed already. Only such streams are read here.
enum HistogramCodec {
  private static let cookie: UInt32 = 0x1c84_9313
  private static let compressedCookie: UInt32 = 0x1c84_9314
  private static let headerSize = 40
  /// Three significant digits: 2,048 values of one unit, then 1,024 for each doubling.
  private static let halfCount: UInt64 = 1024
  private static let highestValue = UInt64(MetricsRecorder.longestDuration.wholeNanoseconds) / 1000
  /// Places that a histogram of that range has.
  private static let indexLimit = index(of: highestValue) + 1

  static func encode(_ values: [(value: UInt64, count: UInt64)]) -> String {
    var counts: [UInt8] = []
    var next = 0
    for (value, count) in values.map({ (index(of: $0.value), $0.count) }).sorted(by: { $0.0 < $1.0 }) where count > 0 {
      let zeros = value - next
      if zeros > 0 { put(zeros > 1 ? -Int64(zeros) : 0, &counts) }
      put(Int64(clamping: count), &counts)
      next = value + 1
    }
    var payload = bytes(cookie) + bytes(UInt32(counts.count)) + bytes(UInt32(0)) + bytes(UInt32(3))
    payload += bytes(UInt64(1)) + bytes(highestValue) + bytes((1.0).bitPattern) + counts
    let stream = stored(payload)
    return base64(bytes(compressedCookie) + bytes(UInt32(stream.count)) + stream)
  }

  /// The values that were counted, each the lowest that its place in the histogram stands for, and how often.
  /// - Throws: ``LoadRecordError`` for anything but a histogram that ``encode(_:)`` wrote.
  static func decode(_ text: String) throws(LoadRecordError) -> [(value: UInt64, count: UInt64)] {
    let safe = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    guard let outer = decodeBase64URL(safe), outer.count > 8, number(outer[..<4]) == UInt64(compressedCookie),
      let payload = unstored(outer[8...]), payload.count >= headerSize, number(payload[..<4]) == UInt64(cookie),
      number(payload[12..<16]) == 3
    else { throw LoadRecordError("a text is no histogram of this build") }
    var values: [(value: UInt64, count: UInt64)] = []
    var place = 0
    var rest = payload[headerSize...]
    while !rest.isEmpty {
      guard let count = take(&rest) else { throw LoadRecordError("a histogram breaks off") }
      if count > 0 { values.append((value(at: place), UInt64(count))) }
      place += count < 0 ? Int(clamping: count.magnitude) : 1
      guard place <= indexLimit else { throw LoadRecordError("a histogram has more places than its range") }
    }
    return values
  }

  /// The place of a value.
  static func index(of value: UInt64) -> Int {
    let bucket = 53 - (value | (2 * halfCount - 1)).leadingZeroBitCount
    return bucket * Int(halfCount) + Int(value >> UInt64(bucket))
  }

  /// The lowest value that a place stands for.
  static func value(at index: Int) -> UInt64 {
    let (bucket, place) = UInt64(index).quotientAndRemainder(dividingBy: halfCount)
    return bucket == 0 ? place : (place + halfCount) << (bucket - 1)
  }

  // Numbers

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  private static func number(_ bytes: some Collection<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

  private static func put(_ value: Int64, _ bytes: inout [UInt8]) {
    var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private static func take(_ bytes: inout ArraySlice<UInt8>) -> Int64? {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 56, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      result |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return Int64(result >> 1) ^ -Int64(result & 1) }
    }
    return nil
  }

  // Streams (RFC 1950)

  private static func stored(_ payload: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var rest = payload[...]
    repeat {
      let block = rest.prefix(65_535)
      rest = rest.dropFirst(block.count)
      let length = UInt16(block.count)
      stream.append(rest.isEmpty ? 1 : 0)
      for part in [length, ~length] { stream += [UInt8(part & 0xff), UInt8(part >> 8)] }
      stream += block
    } while !rest.isEmpty
    return stream + bytes(adler32(payload))
  }

  private static func unstored(_ stream: ArraySlice<UInt8>) -> [UInt8]? {
    var rest = stream.dropFirst(2)
    var payload: [UInt8] = []
    var isLast = false
    while !isLast {
      let header = Array(rest.prefix(5))
      guard header.count == 5, header[0] <= 1 else { return nil }
      isLast = header[0] == 1
      let length = Int(header[1]) | Int(header[2]) << 8
      rest = rest.dropFirst(5)
      guard rest.count >= length else { return nil }
      payload += rest.prefix(length)
      rest = rest.dropFirst(length)
    }
    return rest.count == 4 && number(rest) == UInt64(adler32(payload)) ? payload : nil
  }

  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }
}
