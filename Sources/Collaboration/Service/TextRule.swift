/// What a text from outside must be: not blank unless allowed, not too long, and without U+0000, which Postgres cannot
/// store.
struct TextRule: Hashable, Sendable {
  enum Fault: Hashable, Sendable { case blank, tooLong, zeroCharacter }

  /// Most Unicode scalars.
  let limit: Int
  var mayBeBlank = false

  func fault(in text: String) -> Fault? {
    let scalars = text.unicodeScalars
    // A scalar has at most four bytes, so that most texts need not be counted.
    if text.utf8.count > limit, scalars.count > limit { return .tooLong }
    if text.utf8.contains(0) { return .zeroCharacter }
    if !mayBeBlank, isBlank(text) { return .blank }
    return nil
  }

  func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }

  func accepts(_ text: String) -> Bool { fault(in: text) == nil }
}
