/// The number with exactly so many digits after the point, rounded.
func fixed(_ value: Double, digits: Int) -> String {
  guard value.isFinite, value.magnitude < 1e15 else { return String(value) }
  var scale: Int64 = 1
  for _ in 0..<digits { scale *= 10 }
  let scaled = Int64((value.magnitude * Double(scale)).rounded())
  let sign = value < 0 && scaled > 0 ? "-" : ""
  if digits == 0 { return sign + String(scaled) }
  let fraction = String(scaled % scale)
  let zeros = String(repeating: "0", count: digits - fraction.count)
  return sign + String(scaled / scale) + "." + zeros + fraction
}

/// A duration for people: `812 ms`, `4.20 s`, `2 min 05 s`.
func readable(_ duration: Duration) -> String {
  let milliseconds = duration.roundedMilliseconds
  if milliseconds < 1000 { return "\(milliseconds) ms" }
  if milliseconds < 60_000 { return fixed(Double(milliseconds) / 1000, digits: 2) + " s" }
  let seconds = milliseconds / 1000
  return "\(seconds / 60) min \(seconds % 60 < 10 ? "0" : "")\(seconds % 60) s"
}

/// A measured value with its unit, as precise as is of use.
func readable(_ value: Double, unit: String) -> String {
  switch unit {
  case "ms": fixed(value, digits: value < 100 ? 2 : 0) + " ms"
  case "share": fixed(value * 100, digits: 2) + " %"
  default:
    value.magnitude >= 1000 && value.magnitude < 1e15
      ? grouped(Int64(value.rounded())) : fixed(value, digits: value == value.rounded() ? 0 : 1)
  }
}

/// A whole number with its thousands apart.
func grouped(_ value: Int64) -> String {
  var result = ""
  let digits = String(value.magnitude)
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { result += "," }
    result.append(digit)
  }
  return value < 0 ? "-" + result : result
}

func plural(_ count: Int, _ noun: String) -> String { "\(grouped(Int64(count))) \(noun)\(count == 1 ? "" : "s")" }

/// "1st", "2nd", "3rd", "11th".
func ordinal(_ number: Int) -> String {
  let ending =
    switch (number % 10, number % 100) {
    case (_, 11...13): "th"
    case (1, _): "st"
    case (2, _): "nd"
    case (3, _): "rd"
    default: "th"
    }
  return "\(number)\(ending)"
}
