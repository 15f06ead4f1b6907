internal import JSON

/// A number that names one place of a response, so that every implementation invents the same value there.
///
/// FNV-1a over what leads to the place: the field, its arguments, the positions in lists. `reference.py` does the same.
package struct Seed: Hashable, Sendable {
  package let value: UInt64

  package init(_ value: UInt64) { self.value = value }

  /// The place that `step` leads to from here.
  func deeper(_ step: String) -> Seed {
    var hash = value
    for byte in step.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Seed(hash)
  }

  func field(_ name: String, _ arguments: JSONObject) -> Seed { deeper("\(name)(\(canonical(.object(arguments))))") }

  func item(_ index: Int) -> Seed { deeper("[\(index)]") }

  /// A number from zero up to `count`, another for another purpose.
  func choice(_ count: Int, for purpose: String) -> Int {
    let hash = deeper(purpose).value
    let mixed = (hash ^ (hash >> 32)) &* 0x9e37_79b9_7f4a_7c15
    return Int((mixed >> 33) % UInt64(max(1, count)))
  }
}

/// A coerced value as text that does not depend on how a language prints numbers.
private func canonical(_ value: JSON) -> String {
  switch value {
  case .null: "null"
  case .bool(let bool): bool ? "true" : "false"
  case .int(let whole): whole.magnitude < 1 << 53 ? "\(whole)" : "big"
  case .double(let double):
    if double.magnitude >= 0x1p53 {
      "big"
    } else if let whole = Int64(exactly: double) {
      "\(whole)"
    } else {
      "~\(Int64(min(0x1p62, max(-0x1p62, (double * 1024).rounded(.down)))))"
    }
  case .string(let text): "\"\(text)\""
  case .array(let items): "[\(items.map(canonical).joined(separator: ","))]"
  case .object(let object):
    "{\(object.members.map { "\($0.key):\(canonical($0.value))" }.joined(separator: ","))}"
  }
}
