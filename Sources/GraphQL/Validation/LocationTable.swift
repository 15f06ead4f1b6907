/// Finds the places of many offsets of one source without reading it from its start each time.
struct LocationTable {
  private static let stride = 512

  private let bytes: [UInt8]
  /// Offsets at which lines start.
  private var lineStarts = [0]
  /// How many Unicode scalars begin before each multiple of `stride`.
  private var scalars: [Int] = []

  init(_ source: Source) {
    bytes = Array(source.text.utf8)
    var count = 0
    for (offset, byte) in bytes.enumerated() {
      if offset % Self.stride == 0 { scalars.append(count) }
      if byte & 0xc0 != 0x80 { count += 1 }
      let isReturn = byte == UInt8(ascii: "\r")
      let pairs = isReturn && offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "\n")
      if byte == UInt8(ascii: "\n") || (isReturn && !pairs) { lineStarts.append(offset + 1) }
    }
    scalars.append(count)
  }

  func location(_ offset: Int) -> SourceLocation {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return SourceLocation(line: low + 1, column: scalars(before: offset) - scalars(before: lineStarts[low]) + 1)
  }

  private func scalars(before offset: Int) -> Int {
    let offset = min(offset, bytes.count)
    let block = offset / Self.stride
    guard block < scalars.count else { return scalars.last ?? 0 }
    return bytes[block * Self.stride..<offset].reduce(scalars[block]) { $1 & 0xc0 != 0x80 ? $0 + 1 : $0 }
  }
}
