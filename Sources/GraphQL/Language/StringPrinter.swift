/// A string as a literal in double quotes.
func printString(_ value: String) -> String {
  var text = "\""
  for scalar in value.unicodeScalars {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\u{8}": text += "\\b"
    case "\t": text += "\\t"
    case "\n": text += "\\n"
    case "\u{c}": text += "\\f"
    case "\r": text += "\\r"
    case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}":
      let digits = String(scalar.value, radix: 16, uppercase: true)
      text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: text.unicodeScalars.append(scalar)
    }
  }
  return text + "\""
}

/// A string as a block string, on lines of its own where that is needed or reads better.
func printBlockString(_ value: String) -> String {
  let quotes = "\"\"\""
  let escaped = escapedQuotes(value)
  let lines = escaped.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  let forcesLeadingLine = lines.count > 1 && lines.dropFirst().allSatisfy { isIndentedOrEmpty($0) }
  let endsInTripleQuotes = escaped.hasSuffix("\\" + quotes)
  let forcesTrailingLine = value.hasSuffix("\\") || (value.hasSuffix("\"") && !endsInTripleQuotes)
  let isLong = value.unicodeScalars.count > 70
  let isMultiline = lines.count > 1 || isLong || forcesTrailingLine || endsInTripleQuotes
  let startsIndented = !value.isEmpty && isIndentedOrEmpty(value.utf8[...])
  let skipsLeadingLine = lines.count == 1 && startsIndented
  var text = quotes
  if (isMultiline && !skipsLeadingLine) || forcesLeadingLine { text += "\n" }
  text += escaped
  if isMultiline || forcesTrailingLine { text += "\n" }
  return text + quotes
}

private func escapedQuotes(_ value: String) -> String {
  var result: [UInt8] = []
  let bytes = Array(value.utf8)
  var index = 0
  let quote = UInt8(ascii: "\"")
  while index < bytes.count {
    if index + 2 < bytes.count, bytes[index] == quote, bytes[index + 1] == quote, bytes[index + 2] == quote {
      result += [UInt8(ascii: "\\"), quote, quote, quote]
      index += 3
    } else {
      result.append(bytes[index])
      index += 1
    }
  }
  return String(decoding: result, as: UTF8.self)
}

private func isIndentedOrEmpty(_ line: Substring.UTF8View) -> Bool {
  guard let first = line.first else { return true }
  return first == UInt8(ascii: " ") || first == UInt8(ascii: "\t")
}
