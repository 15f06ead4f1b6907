/// The options that a person may have meant, the likeliest first.
///
/// Likeness is the number of edits (insert, delete, substitute, swap of neighbours; a mere change of case counts as one)
/// that lead from one to the other; more than two in five of the input's letters, and one, is not alike.
package func suggestions(for input: String, among options: some Sequence<String>) -> [String] {
  let lowered = Array(input.lowercased().unicodeScalars)
  let threshold = input.unicodeScalars.count * 2 / 5 + 1
  var found: [(option: String, distance: Int)] = []
  var seen: Set<String> = []
  for option in options where seen.insert(option).inserted {
    if option == input {
      found.append((option, 0))
      continue
    }
    let other = Array(option.lowercased().unicodeScalars)
    if other == lowered {
      found.append((option, 1))
    } else if let distance = distance(lowered, other, limit: threshold) {
      found.append((option, distance))
    }
  }
  return found.sorted { left, right in
    left.distance != right.distance ? left.distance < right.distance : naturallyPrecedes(left.option, right.option)
  }.map(\.option)
}

/// " Did you mean "a", "b", or "c"?", or nothing when there is nothing to suggest.
package func didYouMean(_ suggestions: [String], _ what: String = "") -> String {
  let quoted = suggestions.prefix(maxSuggestions).map { "\"\($0)\"" }
  guard let last = quoted.last else { return "" }
  let lead = what.isEmpty ? " Did you mean " : " Did you mean \(what) "
  switch quoted.count {
  case 1: return "\(lead)\(last)?"
  case 2: return "\(lead)\(quoted[0]) or \(last)?"
  default: return "\(lead)\(quoted.dropLast().joined(separator: ", ")), or \(last)?"
  }
}

private let maxSuggestions = 5

private func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], limit: Int) -> Int? {
  let (long, short) = left.count < right.count ? (right, left) : (left, right)
  guard long.count - short.count <= limit else { return nil }
  var beforePrevious = [Int](repeating: 0, count: short.count + 1)
  var previous = Array(0...short.count)
  var current = beforePrevious
  for row in stride(from: 1, through: long.count, by: 1) {
    current[0] = row
    var smallest = row
    for column in stride(from: 1, through: short.count, by: 1) {
      let cost = long[row - 1] == short[column - 1] ? 0 : 1
      var cell = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
      if row > 1, column > 1, long[row - 1] == short[column - 2], long[row - 2] == short[column - 1] {
        cell = min(cell, beforePrevious[column - 2] + 1)
      }
      smallest = min(smallest, cell)
      current[column] = cell
    }
    if smallest > limit { return nil }
    (beforePrevious, previous, current) = (previous, current, beforePrevious)
  }
  let result = previous[short.count]
  return result <= limit ? result : nil
}

/// Orders as a person would: "a2" before "a10".
func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
  let left = Array(left.utf8)
  let right = Array(right.utf8)
  var i = 0
  var j = 0
  while i < left.count, j < right.count {
    if isDigit(left[i]), isDigit(right[j]) {
      let first = number(left, &i)
      let second = number(right, &j)
      if first.count != second.count { return first.count < second.count }
      if first != second { return first.lexicographicallyPrecedes(second) }
    } else if left[i] != right[j] {
      return left[i] < right[j]
    } else {
      i += 1
      j += 1
    }
  }
  return left.count < right.count
}

/// The digits from `position` on, without leading zeros; moves past them.
private func number(_ text: [UInt8], _ position: inout Int) -> ArraySlice<UInt8> {
  while position < text.count, text[position] == UInt8(ascii: "0") { position += 1 }
  let start = position
  while position < text.count, isDigit(text[position]) { position += 1 }
  return text[start..<position]
}

private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
