import Testing
import World

@Suite("World")
struct WorldTests {
  @Test(
    "writes civil time as RFC 3339",
    arguments: [
      (Int64(0), "1970-01-01T00:00:00.000Z"), (1_709_210_096_789, "2024-02-29T12:34:56.789Z"),
      (-1, "1969-12-31T23:59:59.999Z"), (4_102_444_800_000, "2100-01-01T00:00:00.000Z"),
    ])
  func timestamps(milliseconds: Int64, text: String) {
    #expect(WallTime(milliseconds: milliseconds).rfc3339 == text)
    #expect(WallTime(rfc3339: text)?.milliseconds == milliseconds)
  }

  @Test(
    "reads RFC 3339 with any offset and precision, and nothing else",
    arguments: [
      ("2024-02-29T12:34:56Z", 1_709_210_096_000), ("2024-02-29t13:34:56.7899+01:00", 1_709_210_096_789),
      ("2024-02-29 00:34:56.5-12:00", 1_709_210_096_500), ("2023-02-29T00:00:00Z", nil), ("2024-02-29", nil),
      ("2024-13-01T00:00:00Z", nil), ("2024-02-29T12:34:56", nil), ("2024-02-29T12:34:56.Z", nil),
      ("2024-02-29T12:34:56Z ", nil), ("yesterday", nil), ("", nil),
    ] as [(String, Int64?)])
  func reading(text: String, milliseconds: Int64?) {
    #expect(WallTime(rfc3339: text)?.milliseconds == milliseconds)
  }

  @Test("makes identifiers that ascend and survive their text form")
  func identifiers() {
    let source = World.live(seed: 1).ids
    var last = source.next()
    for _ in 0..<10_000 {
      let id = source.next()
      #expect(last < id)
      #expect(ID(id.description) == id)
      last = id
    }
    #expect(last.description.dropFirst(14).first == "7")
    #expect(ID("not an id") == nil)
    #expect(ID("0192f0c1-2345-7abc-8def-0123456789a") == nil)
    #expect(ID("0192F0C1-2345-7ABC-8DEF-0123456789AB")?.description == "0192f0c1-2345-7abc-8def-0123456789ab")
  }

  @Test("gives a stream by seed and name alone")
  func streams() {
    func numbers(_ seed: UInt64, _ name: String) -> [UInt64] {
      var stream = RandomStream(seed: seed, name: name)
      return (0..<8).map { _ in stream.next() }
    }
    #expect(numbers(1, "a") == numbers(1, "a"))
    #expect(numbers(1, "a") != numbers(1, "b"))
    #expect(numbers(1, "a") != numbers(2, "a"))
  }

  @Test("clamps durations that do not fit")
  func clamping() {
    #expect(Duration.seconds(Int64.max).wholeNanoseconds == .max)
    #expect(Instant(nanoseconds: .max) + .seconds(1) == Instant(nanoseconds: .max))
  }

  @Test("a mailbox keeps order, refuses what is over its limit, and ends")
  func mailbox() async {
    let box = Mailbox<Int>(limit: 3)
    #expect(box.send(1) && box.send(2) && box.send(3))
    #expect(!box.send(4))
    #expect(await box.next() == 1)
    #expect(await box.nextBatch() == [2, 3])
    box.finish()
    #expect(await box.next() == nil)
    #expect(!box.send(5))
  }
}
