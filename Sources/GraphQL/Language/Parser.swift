/// What a parser accepts before it gives up, so that a hostile document costs little.
package struct ParserLimits: Sendable {
  /// UTF-8 bytes of the whole text.
  package var maxBytes: Int
  package var maxTokens: Int
  /// Selection sets, lists and objects that may be open at once.
  package var maxDepth: Int

  package init(maxBytes: Int, maxTokens: Int, maxDepth: Int) {
    self.maxBytes = maxBytes
    self.maxTokens = maxTokens
    self.maxDepth = maxDepth
  }

  /// For documents that come over the network.
  package static let `default` = ParserLimits(maxBytes: 256 << 10, maxTokens: 16_000, maxDepth: 64)
  /// For schemas, which are our own files.
  package static let schema = ParserLimits(maxBytes: 16 << 20, maxTokens: 2_000_000, maxDepth: 64)
}

/// Parses a document of executable definitions, type system definitions, or both.
/// - Throws: the first syntax error, in the reference implementation's words, with its place.
package func parseDocument(_ source: Source, limits: ParserLimits = .default) throws(GraphQLError) -> Document {
  var parser = try Parser(source: source, limits: limits)
  return try parser.document()
}

/// Recursive descent over the grammar of the specification, appendix B.
struct Parser {
  let limits: ParserLimits
  private(set) var lexer: Lexer
  private(set) var token: Token
  private var tokens = 0
  private var depth = 0

  init(source: Source, limits: ParserLimits) throws(GraphQLError) {
    self.limits = limits
    guard source.text.utf8.count <= limits.maxBytes else {
      throw GraphQLError("Syntax Error: Document is larger than \(limits.maxBytes) bytes. Parsing aborted.")
    }
    lexer = Lexer(source: source)
    token = Token(.endOfFile, 0, 0)
    try advance()
  }

  mutating func document() throws(GraphQLError) -> Document {
    var definitions: [DefinitionNode] = []
    repeat { definitions.append(try definition()) } while token.kind != .endOfFile
    return Document(source: lexer.source, definitions: definitions)
  }

  private mutating func definition() throws(GraphQLError) -> DefinitionNode {
    if token.kind == .braceLeft { return .operation(try operation()) }
    let described = token.kind == .string || token.kind == .blockString
    let keyword = described ? try lexer.peek() : token
    if described, keyword.kind == .braceLeft {
      throw failure("Unexpected description, descriptions are not supported on shorthand queries.", token.start)
    }
    guard keyword.kind == .name else { throw unexpected(keyword) }
    let word = lexer.text(of: keyword)
    switch word {
    case "schema", "scalar", "type", "interface", "union", "enum", "input", "directive":
      return try typeSystemDefinition()
    case "query", "mutation", "subscription": return .operation(try operation())
    case "fragment": return .fragment(try fragmentDefinition())
    default: break
    }
    if described {
      throw failure("Unexpected description, only GraphQL definitions support descriptions.", token.start)
    }
    guard word == "extend" else { throw unexpected(keyword) }
    return try typeSystemExtension()
  }

  mutating func advance() throws(GraphQLError) {
    token = try lexer.next()
    if token.kind == .endOfFile { return }
    tokens += 1
    if tokens > limits.maxTokens {
      throw failure("Document contains more than \(limits.maxTokens) tokens. Parsing aborted.", token.start)
    }
  }

  /// Runs `body` one level deeper.
  mutating func nested<T>(_ body: (inout Parser) throws(GraphQLError) -> T) throws(GraphQLError) -> T {
    depth += 1
    if depth > limits.maxDepth {
      throw failure("Document is nested deeper than \(limits.maxDepth) levels. Parsing aborted.", token.start)
    }
    let result = try body(&self)
    depth -= 1
    return result
  }

  var text: String { lexer.text(of: token) }

  func isKeyword(_ word: String) -> Bool { token.kind == .name && text == word }

  mutating func name() throws(GraphQLError) -> NameNode {
    guard token.kind == .name else { throw expected(Token.Kind.name.description) }
    let node = NameNode(value: text, offset: token.start)
    try advance()
    return node
  }

  /// Takes a token of that kind, or throws.
  mutating func expect(_ kind: Token.Kind) throws(GraphQLError) {
    guard token.kind == kind else { throw expected(kind.description) }
    try advance()
  }

  mutating func expect(keyword: String) throws(GraphQLError) {
    guard isKeyword(keyword) else { throw expected("\"\(keyword)\"") }
    try advance()
  }

  /// Takes the next token if it is of that kind.
  mutating func take(_ kind: Token.Kind) throws(GraphQLError) -> Bool {
    guard token.kind == kind else { return false }
    try advance()
    return true
  }

  mutating func take(keyword: String) throws(GraphQLError) -> Bool {
    guard isKeyword(keyword) else { return false }
    try advance()
    return true
  }

  /// One or more items between two tokens.
  mutating func many<T>(
    _ open: Token.Kind, _ close: Token.Kind, _ item: (inout Parser) throws(GraphQLError) -> T
  ) throws(GraphQLError) -> [T] {
    try expect(open)
    var items: [T] = []
    repeat { items.append(try item(&self)) } while try !take(close)
    return items
  }

  /// Nothing, or one or more items between two tokens.
  mutating func optionalMany<T>(
    _ open: Token.Kind, _ close: Token.Kind, _ item: (inout Parser) throws(GraphQLError) -> T
  ) throws(GraphQLError) -> [T] {
    token.kind == open ? try many(open, close, item) : []
  }

  /// One or more items with a delimiter between them, and perhaps one before the first.
  mutating func delimited<T>(
    by delimiter: Token.Kind, _ item: (inout Parser) throws(GraphQLError) -> T
  ) throws(GraphQLError) -> [T] {
    _ = try take(delimiter)
    var items: [T] = []
    repeat { items.append(try item(&self)) } while try take(delimiter)
    return items
  }

  func failure(_ message: String, _ offset: Int) -> GraphQLError { .syntax(message, lexer.source, at: offset) }

  func expected(_ what: String) -> GraphQLError {
    failure("Expected \(what), found \(described(token)).", token.start)
  }

  func unexpected(_ token: Token? = nil) -> GraphQLError {
    let token = token ?? self.token
    return failure("Unexpected \(described(token)).", token.start)
  }

  func described(_ token: Token) -> String {
    switch token.kind {
    case .name, .int, .float: "\(token.kind.description) \"\(lexer.text(of: token))\""
    case .string, .blockString: "\(token.kind.description) \"\(token.string)\""
    default: token.kind.description
    }
  }
}
