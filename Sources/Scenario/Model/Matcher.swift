/// What one field must be.
package struct FieldMatch: Sendable {
  package var path: FieldPath
  package var matcher: Matcher
  /// Where the matcher stands in the file.
  package var valueMark: Mark

  package init(path: FieldPath, matcher: Matcher, valueMark: Mark? = nil) {
    self.path = path
    self.matcher = matcher
    self.valueMark = valueMark ?? path.mark
  }
}

/// What a value must be. Several in one mapping must all hold.
package indirect enum Matcher: Sendable {
  case equals(Template)
  case not(Matcher)
  /// A text contains the text; a list contains an equal element.
  case contains(Template)
  /// A regular expression that matches somewhere in the text.
  case matches(String)
  case greaterThan(Template)
  case atLeast(Template)
  case lessThan(Template)
  case atMost(Template)
  /// The number of elements of a list or of characters of a text.
  case length(Matcher)
  /// Present and not null, or absent or null.
  case exists(Bool)
  case oneOf([Template])
  case all([Matcher])
}
