/// Reads the quantities of the format.
package enum Quantities {
  /// Longer durations are refused: ten years of test are a slip.
  private static let longestMilliseconds: Double = 366 * 86_400_000

  /// `250ms`, `2s`, `1.5m`, `1h30m`; more than zero.
  package static func duration(_ text: String) -> Duration? {
    var rest = Substring(text)
    guard !rest.isEmpty else { return nil }
    var milliseconds = 0.0
    while !rest.isEmpty {
      guard let number = number(&rest) else { return nil }
      let unit = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(unit.count)
      switch unit {
      case "ms": milliseconds += number
      case "s": milliseconds += number * 1_000
      case "m": milliseconds += number * 60_000
      case "h": milliseconds += number * 3_600_000
      default: return nil
      }
    }
    guard milliseconds > 0, milliseconds <= longestMilliseconds else { return nil }
    return .microseconds(Int64((milliseconds * 1_000).rounded()))
  }

  private static let unitNames: [(unit: String, names: [String])] = [
    ("ms", ["msec", "msecs", "millis", "millisecond", "milliseconds"]),
    ("s", ["", "sec", "secs", "second", "seconds", "S"]),
    ("m", ["min", "mins", "minute", "minutes", "M"]),
    ("h", ["hr", "hrs", "hour", "hours", "H"]),
  ]

  /// The duration that somebody means by `2sec`, `2 s` or a bare `2`.
  static func durationMeant(by text: String) -> String? {
    var rest = Substring(text)
    guard let value = number(&rest), value > 0 else { return nil }
    let digits = text.prefix(text.count - rest.count)
    let name = String(rest.trimmingSpaces)
    guard let unit = unitNames.first(where: { $0.unit == name || $0.names.contains(name) })?.unit else { return nil }
    // What is too long or zero is no slip of the unit.
    let meant = String(digits) + unit
    return duration(meant) == nil ? nil : meant
  }

  /// `200/s`, `30/m`, `5/h`: how many a second; more than zero and at most a million.
  package static func rate(_ text: String, mayBeZero: Bool = false) -> Double? {
    var rest = Substring(text)
    guard let number = number(&rest), rest.first == "/" else { return nil }
    let perSecond: Double
    switch rest.dropFirst() {
    case "s": perSecond = number
    case "m": perSecond = number / 60
    case "h": perSecond = number / 3_600
    default: return nil
    }
    return (perSecond > 0 || mayBeZero) && perSecond <= 1_000_000 ? perSecond : nil
  }

  /// Takes digits with at most one point off the front.
  static func number(_ rest: inout Substring) -> Double? {
    let digits = rest.prefix { ($0.isASCII && $0.isNumber) || $0 == "." }
    guard let first = digits.first, first != ".", let value = Double(String(digits)), value.isFinite else { return nil }
    rest = rest.dropFirst(digits.count)
    return value
  }

  /// The whole text as a number, with an optional sign.
  static func signedNumber(_ text: Substring) -> Double? {
    var rest = text
    let negative = rest.first == "-"
    if negative { rest = rest.dropFirst() }
    guard let value = number(&rest), rest.isEmpty else { return nil }
    return negative ? -value : value
  }
}
