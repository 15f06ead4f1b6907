private import CYaml

/// Why a text cannot be read as YAML at all.
struct YAMLError: Error {
  var message: String
  var line: Int
  var column: Int
}

/// What one file may ask of the reader. A scenario is far below; a hostile or generated file is stopped by name.
struct YAMLLimits: Sendable {
  var depth = 64
  var nodes = 100_000
  /// Bytes of one key or value.
  var scalarBytes = 65_536
}

/// Reads one YAML document into a positioned tree.
///
/// It drives the parser that Yams is built on (libyaml, YAML 1.1 syntax) by events instead of composing Yams nodes,
/// because those expand aliases before anyone can refuse them and stop at the first key that stands twice. Anchors,
/// aliases and tags are refused: a scenario says the same with captures and `each`.
struct YAMLReader {
  /// Mistakes that do not keep the rest from being read: keys that stand twice.
  private(set) var duplicates: [YAMLEntry] = []
  private var open: [Container] = []
  private var nodes = 0
  private let limits: YAMLLimits

  private struct Container {
    var isMapping: Bool
    var line: Int
    var column: Int
    var start: Int
    var elements: [YAMLNode] = []
    var entries: [YAMLEntry] = []
    var keys: Set<String> = []
    var key: YAMLNode?
  }

  init(limits: YAMLLimits = YAMLLimits()) { self.limits = limits }

  /// - Returns: the document's root; `nil` when the text holds no document.
  /// - Throws: ``YAMLError`` for the first place that is no YAML, or uses what is refused.
  mutating func read(_ text: String) throws(YAMLError) -> YAMLNode? {
    let bytes = Array(text.utf8)
    // libyaml keeps a pointer into itself, so the parser must not move.
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    defer { parser.deallocate() }
    guard yaml_parser_initialize(parser) == 1 else {
      throw YAMLError(message: "There is not enough memory to read it", line: 1, column: 1)
    }
    defer { yaml_parser_delete(parser) }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    var root: YAMLNode?
    var failure: YAMLError?
    bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
      do throws(YAMLError) { root = try events(of: parser, bytes: buffer) } catch { failure = error }
    }
    if let failure { throw failure }
    return root
  }

  private mutating func events(
    of parser: UnsafeMutablePointer<yaml_parser_t>, bytes: UnsafeBufferPointer<UInt8>
  ) throws(YAMLError) -> YAMLNode? {
    var root: YAMLNode?
    var event = yaml_event_t()
    while true {
      guard yaml_parser_parse(parser, &event) == 1 else { throw Self.failure(of: parser.pointee, bytes: bytes) }
      defer { yaml_event_delete(&event) }
      let line = Int(clamping: event.start_mark.line) + 1
      let column = Int(clamping: event.start_mark.column) + 1
      let (start, end) = (Int(clamping: event.start_mark.index), Int(clamping: event.end_mark.index))
      func refuse(_ what: String) -> YAMLError { YAMLError(message: what, line: line, column: column) }
      var finished: YAMLNode?
      switch event.type {
      case YAML_STREAM_END_EVENT: return root
      case YAML_DOCUMENT_START_EVENT:
        if root != nil { throw refuse("A second document begins here; a file holds one") }
      case YAML_ALIAS_EVENT: throw refuse("Aliases ('*name') are not supported")
      case YAML_SCALAR_EVENT:
        let scalar = event.data.scalar
        if scalar.anchor != nil { throw refuse("Anchors ('&name') are not supported") }
        if scalar.tag != nil { throw refuse("Tags ('!name') are not supported") }
        if scalar.length > limits.scalarBytes {
          throw refuse("A text is longer than \(limits.scalarBytes / 1_024) KiB")
        }
        let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        finished = YAMLNode(
          kind: .scalar(YAMLScalar(text: text, style: Self.style(scalar.style))), line: line, column: column,
          start: start, end: end)
      case YAML_SEQUENCE_START_EVENT:
        let sequence = event.data.sequence_start
        if sequence.anchor != nil { throw refuse("Anchors ('&name') are not supported") }
        if sequence.tag != nil { throw refuse("Tags ('!name') are not supported") }
        open.append(Container(isMapping: false, line: line, column: column, start: start))
      case YAML_MAPPING_START_EVENT:
        let mapping = event.data.mapping_start
        if mapping.anchor != nil { throw refuse("Anchors ('&name') are not supported") }
        if mapping.tag != nil { throw refuse("Tags ('!name') are not supported") }
        open.append(Container(isMapping: true, line: line, column: column, start: start))
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
        guard let container = open.popLast() else { break }
        let kind: YAMLNode.Kind = container.isMapping ? .mapping(container.entries) : .sequence(container.elements)
        finished = YAMLNode(
          kind: kind, line: container.line, column: container.column, start: container.start, end: end)
      default: break
      }
      if open.count > limits.depth { throw refuse("Nesting is deeper than \(limits.depth)") }
      guard let finished else { continue }
      nodes += 1
      if nodes > limits.nodes { throw refuse("The file has more than \(limits.nodes) values") }
      if open.isEmpty { root = finished } else { try add(finished) }
    }
  }

  /// Puts a finished value into the innermost open container.
  private mutating func add(_ node: YAMLNode) throws(YAMLError) {
    let last = open.count - 1
    guard open[last].isMapping else {
      open[last].elements.append(node)
      return
    }
    guard let key = open[last].key else {
      guard node.scalar != nil else {
        throw YAMLError(message: "A key must be a text", line: node.line, column: node.column)
      }
      open[last].key = node
      return
    }
    open[last].key = nil
    let entry = YAMLEntry(key: key.scalar?.text ?? "", keyNode: key, value: node)
    if open[last].keys.insert(entry.key).inserted {
      open[last].entries.append(entry)
    } else {
      duplicates.append(entry)
    }
  }

  private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }

  private static func failure(of parser: yaml_parser_t, bytes: UnsafeBufferPointer<UInt8>) -> YAMLError {
    var message = parser.problem.map { String(cString: $0) } ?? "It cannot be read"
    if let context = parser.context { message += " " + String(cString: context) }
    message = message.prefix(1).uppercased() + message.dropFirst()
    if parser.error == YAML_READER_ERROR {
      // The reader counts bytes only.
      let before = bytes.prefix(Int(clamping: parser.problem_offset))
      let line = before.count { $0 == UInt8(ascii: "\n") }
      let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      let column = before[start...].count { $0 & 0xc0 != 0x80 }
      return YAMLError(message: message, line: line + 1, column: column + 1)
    }
    if message.hasPrefix("Mapping values are not allowed") {
      message = "A ':' is not allowed here; put the text in quotes, or check the indentation"
    } else if message.hasPrefix("Found character that cannot start any token") {
      message = "This character cannot begin a value; put the text in quotes (and indent by spaces, never by tabs)"
    }
    return YAMLError(
      message: message, line: Int(clamping: parser.problem_mark.line) + 1,
      column: Int(clamping: parser.problem_mark.column) + 1)
  }
}
