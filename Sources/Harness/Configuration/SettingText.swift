internal import World

/// How values of settings are written.
enum SettingText {
  static let hidden = "***"

  /// In the largest unit that needs no fraction.
  static func duration(_ duration: Duration) -> String {
    let milliseconds = duration.wholeNanoseconds / 1_000_000
    for (unit, name) in [(3_600_000, "h"), (60_000, "m"), (1_000, "s")] as [(Int64, String)]
    where milliseconds % unit == 0 && milliseconds > 0 {
      return "\(milliseconds / unit)\(name)"
    }
    return "\(milliseconds)ms"
  }

  static func number(_ value: Double) -> String { Int64(exactly: value).map { String($0) } ?? String(value) }

  static func rate(_ perSecond: Double) -> String {
    for (factor, unit) in [(1.0, "s"), (60, "m"), (3_600, "h")] {
      if let whole = Int64(exactly: perSecond * factor) { return "\(whole)/\(unit)" }
    }
    return "\(perSecond)/s"
  }

  /// A secret that is given as it is, or as `@` and the path of the file that holds it, without the end of its line.
  static func secret(_ text: String) -> String? {
    guard text.hasPrefix("@") else { return text }
    guard let bytes = try? RunFolder.read(String(text.dropFirst())) else { return nil }
    var secret = String(decoding: bytes, as: UTF8.self)
    while secret.hasSuffix("\n") || secret.hasSuffix("\r\n") { secret.removeLast() }
    return secret
  }

  /// A database's place without the password in it.
  static func redacted(_ choice: DatabaseChoice) -> String {
    guard case .url(let url) = choice else { return choice.name }
    guard !url.hasPrefix("sqlite:"), let start = url.firstIndex(of: "/") else { return url }
    var result = url
    let authority = url.index(start, offsetBy: 2, limitedBy: url.endIndex) ?? url.endIndex
    // The last '@': a password may hold one.
    let path = url[authority...].firstIndex { $0 == "/" || $0 == "?" } ?? url.endIndex
    if let at = url[authority..<path].lastIndex(of: "@") ?? url[authority...].lastIndex(of: "@"),
      let colon = url[authority..<at].firstIndex(of: ":")
    {
      result = url[...colon] + hidden + url[at...]
    }
    guard let mark = result.firstIndex(of: "?") else { return result }
    let parameters = result[result.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
    let shown = parameters.map { $0.contains("password=") ? $0.prefix { $0 != "=" } + "=" + hidden : $0 }
    return result[...mark] + shown.joined(separator: "&")
  }
}
