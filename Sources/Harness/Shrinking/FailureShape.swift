internal import JSON
internal import Swarm

/// What makes two failures the same, though identifiers, times and places differ from play to play.
struct FailureShape: Hashable {
  private let message: String
  private let expected: String

  /// - Parameter isExact: whether small numbers are part of it: what an operation returned is, how many events had come by
  ///   the time that another was missed is not.
  init(message: String, expected: String?, isExact: Bool) {
    self.message = Self.shape(message, isExact)
    self.expected = Self.shape(expected ?? "", isExact)
  }

  private static func shape(_ text: String, _ isExact: Bool) -> String {
    let words = text.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == ".") }
    var result = ""
    var position = text.startIndex
    for word in words {
      result += text[position..<word.startIndex]
      let isNumber = word.allSatisfy(\.isNumber)
      let isVariable = word.contains(where: \.isNumber) && !(isExact && isNumber)
      // "m1" and "second-2" are names that a person gave; so long a word with a digit is an identifier.
      let isIdentifier = word.count >= 16 || isNumber || (word.first?.isNumber ?? false)
      result += isVariable && isIdentifier ? "#" : String(word)
      position = word.endIndex
    }
    return result + text[position...]
  }
}
