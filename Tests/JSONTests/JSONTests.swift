import JSON
import Testing

@Suite("JSON")
struct JSONTests {
  @Test(
    "reads and writes back",
    arguments: [
      "null", "true", "0", "-1", "9223372036854775807", "-9223372036854775808", "1.5", "1e+20", #""""#,
      #""a\"\\\n\u0001é😀""#, "[]", "{}", #"{"a":[1,{"b":null}],"c":"d"}"#,
    ])
  func roundTrip(text: String) throws { #expect(try JSON.parse(text).text == text) }

  @Test("reads escapes", arguments: [(#""\ud83d\ude00""#, "😀"), (#""\u00e9\/\b\f""#, "é/\u{8}\u{c}")])
  func escapes(text: String, value: String) throws { #expect(try JSON.parse(text) == .string(value)) }

  @Test(
    "refuses what is not JSON",
    arguments: [
      "", "nul", "01", "1.", "1e", "+1", "'a'", "\"a", "\"\\x\"", "\"\\ud800\"", "\"\u{1}\"", "[1,]", "{\"a\":}",
      "{a:1}",
      "1 2", "1e999", "[", "{\"a\":1,}",
    ])
  func refusals(text: String) { #expect(throws: JSONError.self) { try JSON.parse(text) } }

  @Test("refuses nesting beyond its limit instead of overflowing the stack")
  func depth() {
    #expect(throws: JSONError.self) { try JSON.parse(String(repeating: "[", count: 1_000_000)) }
  }

  @Test("refuses bytes that are not UTF-8")
  func utf8() { #expect(throws: JSONError.self) { try JSON.parse([0x22, 0xff, 0x22]) } }

  @Test("never crashes on mutated text, and what it accepts it writes back to an equal value")
  func mutations() throws {
    let seedText = Array(#"{"a":[1,-2.5e3,"x\u00e9\n",true,null,{"b":{}}],"c":"😀"}"#.utf8)
    var state: UInt64 = 42
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<20_000 {
      var bytes = seedText
      for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
      if random(3) == 0 { bytes.removeLast(random(bytes.count)) }
      guard let value = try? JSON.parse(bytes) else { continue }
      #expect(try JSON.parse(value.bytes) == value)
    }
  }

  @Test("objects are equal whatever their order, and a later member replaces an earlier one")
  func objects() throws {
    #expect(try JSON.parse(#"{"a":1,"b":2}"#) == JSON.parse(#"{"b":2,"a":1}"#))
    #expect(try JSON.parse(#"{"a":1,"b":2,"a":3}"#).text == #"{"a":3,"b":2}"#)
    let large = (0..<40).map { "\"k\($0)\":\($0)" } + ["\"k30\":true"]
    #expect(try JSON.parse("{" + large.joined(separator: ",") + "}")["k30"] == true)
  }
}
