/// Finds the name that somebody most likely meant.
package enum Suggestion {
  /// Longest names that are compared; the cost is the product of two lengths.
  private static let lengthLimit = 64

  /// The candidate nearest to `name`, when it is near enough to be a slip; of equally near ones the first.
  static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    guard name.count <= lengthLimit else { return nil }
    let wanted = Array(name.lowercased())
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate.count <= lengthLimit {
      let other = Array(candidate.lowercased())
      let limit = max(1, max(wanted.count, other.count) * 2 / 5)
      guard abs(wanted.count - other.count) <= limit else { continue }
      let distance = distance(wanted, other)
      guard distance <= limit, distance < best?.distance ?? .max else { continue }
      best = (candidate, distance)
    }
    return best?.name
  }

  /// " Did you mean 'x'?", or else the candidates when they are few, or nothing.
  package static func hint(for name: String, among candidates: [String]) -> String {
    if let nearest = nearest(to: name, among: candidates) { return " Did you mean '\(nearest)'?" }
    guard !candidates.isEmpty, candidates.count <= 12 else { return "" }
    return " There \(candidates.count == 1 ? "is" : "are") \(candidates.joined(separator: ", "))."
  }

  /// Edits from one to the other, an exchange of neighbours being one (optimal string alignment).
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var row = [i + 1]
      row.reserveCapacity(right.count + 1)
      for (j, b) in right.enumerated() {
        var cost = min(last[j] + (a == b ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[right.count]
  }
}
