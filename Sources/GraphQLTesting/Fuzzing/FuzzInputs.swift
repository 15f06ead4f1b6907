package import GraphQL
package import JSON
internal import World

/// Makes inputs for ``FuzzTarget``: generated documents whole, mutated, truncated and doubled, noise, and what is meant
/// to exhaust (deep nesting, many aliases, huge numbers).
package struct FuzzInputs {
  private var random: RandomStream
  private var documents: DocumentGenerator
  private var variables: VariableGenerator
  /// Inputs made before, to cross with new ones.
  private var kept: [[UInt8]] = []

  private static let maxKept = 64

  package init(schema: Schema, seed: UInt64) {
    random = RandomStream(seed: seed, name: "fuzz")
    documents = DocumentGenerator(schema: schema, seed: seed)
    variables = VariableGenerator(schema: schema, seed: seed)
  }

  package mutating func next(for target: FuzzTarget) -> (bytes: [UInt8], variables: JSONObject) {
    let document = target == .json ? json() : Array(documents.document().utf8)
    var bytes = document
    switch random.int(in: 0..<10) {
    case 0..<4: break
    case 4: bytes = Array(bytes.prefix(random.int(in: 0..<bytes.count + 1)))
    case 5: bytes = (0..<random.int(in: 0..<200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    case 6:
      if let other = kept.isEmpty ? nil : kept[random.int(in: 0..<kept.count)] {
        bytes = bytes.prefix(random.int(in: 0..<bytes.count + 1)) + other.suffix(random.int(in: 0..<other.count + 1))
      }
    case 7: bytes = random.int(in: 0..<10) == 0 ? bomb(target) : bytes
    default: bytes = mutated(bytes)
    }
    if kept.count < Self.maxKept { kept.append(document) } else { kept[random.int(in: 0..<kept.count)] = document }
    return (bytes, target == .executor ? values(for: bytes) : [:])
  }

  private mutating func values(for bytes: [UInt8]) -> JSONObject {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let operation = (try? parseDocument(Source(text: text)))?.operations.first else { return [:] }
    return variables.variables(for: operation)
  }

  private mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<random.int(in: 1..<6) where !bytes.isEmpty {
      let position = random.int(in: 0..<bytes.count)
      switch random.int(in: 0..<6) {
      case 0: bytes.remove(at: position)
      case 1: bytes[position] = UInt8(truncatingIfNeeded: random.next())
      case 2: bytes.insert(bytes[position], at: position)
      case 3: bytes[position] ^= 1 << UInt8(random.int(in: 0..<8))
      case 4:
        let tokens = [
          "...", "{", "}", "\"\"\"", "\\u{110000}", "$a", "@skip(if: $x)", "null", "-0", "1e999", "\u{feff}", "on",
        ]
        bytes.insert(contentsOf: Array(tokens[random.int(in: 0..<tokens.count)].utf8), at: position)
      default:
        let end = min(bytes.count, position + random.int(in: 1..<40))
        let part = Array(bytes[position..<end])
        bytes.insert(contentsOf: part, at: random.int(in: 0..<bytes.count))
      }
    }
    return bytes
  }

  private mutating func json() -> [UInt8] {
    func value(_ depth: Int, _ random: inout RandomStream) -> String {
      switch random.int(in: 0..<(depth > 0 ? 9 : 7)) {
      case 0: return "null"
      case 1: return random.int(in: 0..<2) == 0 ? "true" : "false"
      case 2: return "\(Int64(bitPattern: random.next()) >> Int64(random.int(in: 0..<64)))"
      case 3: return "\(Double(bitPattern: random.next()))".replacing("nan", with: "0").replacing("inf", with: "1e308")
      case 4: return ["-0", "-0.0", "1E+2", "0.1e-7", "1e400", "123456789012345678901234567890"][random.int(in: 0..<6)]
      case 5: return "\"\\u00e9\\ud83d\\ude00 \\n\\/ü€😀\""
      case 6: return "\"\(random.next())\""
      case 7:
        return "[" + (0..<random.int(in: 0..<4)).map { _ in value(depth - 1, &random) }.joined(separator: ", ") + "]"
      default:
        let members = (0..<random.int(in: 0..<4)).map { index in "\"k\(index % 3)\": \(value(depth - 1, &random))" }
        return "{" + members.joined(separator: ",") + "}"
      }
    }
    return Array(value(5, &random).utf8)
  }

  private mutating func bomb(_ target: FuzzTarget) -> [UInt8] {
    let times = [100, 3_000, 60_000][random.int(in: 0..<3)]
    func many(_ text: String) -> String { String(repeating: text, count: times) }
    let bombs: [String]
    if target == .json {
      bombs = [
        many("["), many("{\"a\":"), many("[]"), "[" + many("0,") + "0]", many("9"), "\"" + many("\\u0041") + "\"",
      ]
    } else {
      let spreads = (0..<40).map { "fragment F\($0) on Query { ...F\($0 + 1) ...F\($0 + 1) __typename }" }
      bombs = [
        many("{ a "), many("["), "{ a(b: " + many("[") + many("]") + ") }", "{ a(b: " + many("{ c: ") + "1" + many("}"),
        "{ " + many("a: __typename ") + "}", "{ " + (0..<times).map { "a\($0): __typename " }.joined() + "}",
        "{ a(b: " + many("9") + ") }", "{ a(b: -1." + many("9") + "e" + many("9") + ") }",
        "\"\"\"" + many("\n ") + "\"\"\"",
        "query " + "(" + (0..<times).map { "$v\($0): Int " }.joined() + ") { __typename }",
        "{ a " + many("@skip(if: true) ") + "}",
        "{ ...F0 } " + spreads.joined() + " fragment F40 on Query { __typename }", "#" + many("#"), many("\u{feff},"),
        "{ " + many("...F ") + "} fragment F on Query { ...F }", "{ a(" + many("b: 1 ") + ") }",
        many("query Q { __typename } "),
      ]
    }
    return Array(bombs[random.int(in: 0..<bombs.count)].utf8)
  }
}
