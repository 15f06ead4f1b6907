/// Cuts texts into the words by which they are found: the same for both databases.
package enum Words {
  /// Longest word, in Unicode scalars; what is longer is cut off there. Postgres takes at most 2,046 bytes.
  package static let lengthLimit = 100
  /// Most words of a search.
  package static let queryLimit = 16

  /// Runs of letters, digits and what marks them, in lower case.
  package static func of(_ text: String) -> [String] {
    text.lowercased().unicodeScalars.split { !isPart($0) }.map { word in
      String(String.UnicodeScalarView(word.prefix(lengthLimit)))
    }
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    if properties.isAlphabetic || properties.numericType != nil { return true }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: return true
    default: return false
    }
  }
}
