/// What a block string means: common indentation and blank first and last lines removed (specification, 2.9.4,
/// BlockStringValue).
func dedentedBlockString(_ raw: String) -> String {
  let lines = raw.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  var common = Int.max
  var first: Int?
  var last = -1
  for (index, line) in lines.enumerated() {
    let indent = line.prefix { isBlank($0) }.count
    if indent == line.count { continue }
    first = first ?? index
    last = index
    if index > 0 { common = min(common, indent) }
  }
  guard let first else { return "" }
  return (first...last).map { index in
    String(decoding: index == 0 ? lines[index] : lines[index].dropFirst(common), as: UTF8.self)
  }.joined(separator: "\n")
}

private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
