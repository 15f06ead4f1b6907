/// The smallest part of `elements` that still fails, in the sense that no single one of them can go: the algorithm `ddmin`
/// of Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE Transactions on Software Engineering
/// 28(2), 2002, section 3.
/// - Parameter fails: whether these alone, in their order, still fail; it is taken for granted of all of them.
func ddmin<Element>(
  _ elements: [Element], fails: ([Element]) async throws -> Bool
) async rethrows -> [Element] {
  if elements.isEmpty { return [] }
  if try await fails([]) { return [] }
  var kept = elements
  var parts = 2
  while kept.count >= 2 {
    let bounds = (0...parts).map { kept.count * $0 / parts }
    var smaller: [Element]?
    for part in 0..<parts {
      let subset = Array(kept[bounds[part]..<bounds[part + 1]])
      if try await fails(subset) {
        smaller = subset
        break
      }
    }
    if let smaller {
      (kept, parts) = (smaller, 2)
      continue
    }
    // The last first: what comes later often needs what is before it.
    for part in (0..<parts).reversed() {
      let complement = Array(kept[..<bounds[part]] + kept[bounds[part + 1]...])
      if try await fails(complement) {
        smaller = complement
        break
      }
    }
    if let smaller {
      (kept, parts) = (smaller, min(max(parts - 1, 2), smaller.count))
    } else if parts < kept.count {
      parts = min(kept.count, parts * 2)
    } else {
      break
    }
  }
  return kept
}
