/// A lexical token (specification, 2.1.6); comments and other ignored tokens never become one.
struct Token {
  enum Kind: UInt8 {
    case endOfFile, bang, dollar, ampersand, parenthesisLeft, parenthesisRight, spread, colon, equals, at
    case bracketLeft, bracketRight, braceLeft, pipe, braceRight, name, int, float, string, blockString

    /// What messages call the kind.
    var description: String {
      switch self {
      case .endOfFile: "<EOF>"
      case .bang: "\"!\""
      case .dollar: "\"$\""
      case .ampersand: "\"&\""
      case .parenthesisLeft: "\"(\""
      case .parenthesisRight: "\")\""
      case .spread: "\"...\""
      case .colon: "\":\""
      case .equals: "\"=\""
      case .at: "\"@\""
      case .bracketLeft: "\"[\""
      case .bracketRight: "\"]\""
      case .braceLeft: "\"{\""
      case .pipe: "\"|\""
      case .braceRight: "\"}\""
      case .name: "Name"
      case .int: "Int"
      case .float: "Float"
      case .string: "String"
      case .blockString: "BlockString"
      }
    }
  }

  let kind: Kind
  /// Bytes from the start of the source.
  let start: Int
  let end: Int
  /// What a string means, its escapes resolved; empty for other kinds, whose text is their value.
  let string: String

  init(_ kind: Kind, _ start: Int, _ end: Int, string: String = "") {
    self.kind = kind
    self.start = start
    self.end = end
    self.string = string
  }
}
