internal import Wire

/// A media type or range with its parameters (RFC 9110, sections 8.3.1 and 12.5.1).
struct MediaType: Hashable {
  /// `application/json`, in lower case.
  let name: String
  private let parameters: [String: String]

  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ";").map { Self.trimmed($0) }
    guard let first = parts.first, first.contains("/") else { return nil }
    name = first
    var parameters: [String: String] = [:]
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else { continue }
      parameters[Self.trimmed(pair[0])] = Self.trimmed(pair[1]).filter { $0 != "\"" }
    }
    self.parameters = parameters
  }

  /// What it weighs against others; 1 where it does not say.
  var quality: Double { parameters["q"].flatMap(Double.init) ?? 1 }

  /// Whether the encoding it names, if any, is UTF-8.
  var isUTF8: Bool {
    guard let charset = parameters["charset"] else { return true }
    return charset == "utf-8" || charset == "utf8"
  }

  /// How closely a range fits a type: 3 by name, 2 by its first half, 1 as anything, 0 not at all.
  func fit(_ type: String) -> Int {
    if name == type { return 3 }
    if name == "*/*" { return 1 }
    guard name.hasSuffix("/*") else { return 0 }
    return type.hasPrefix(name.dropLast()) ? 2 : 0
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    text.split { $0 == " " || $0 == "\t" }.joined(separator: " ").lowercased()
  }
}

/// The media types of a GraphQL response ("GraphQL over HTTP", section "Body"; "GraphQL over Server-Sent Events").
enum ResponseType: String, CaseIterable {
  /// Status codes tell the outcome.
  case graphQL = "application/graphql-response+json"
  /// For clients from before the specification: whatever came of a well-formed request, its status is 200.
  case json = "application/json"
  /// One event for each result.
  case eventStream = "text/event-stream"

  var contentType: String { rawValue + "; charset=utf-8" }

  /// The types that `Accept` allows, the best first. Where it is missing, or lets a type in by a wildcard alone, the
  /// client is taken for one that knows `application/json` only.
  static func ranked(_ headers: HTTPHeaders) -> [ResponseType] {
    let values = headers.list("Accept")
    if values.isEmpty { return [.json] }
    let ranges = values.compactMap { MediaType($0) }.filter(\.isUTF8)
    let candidates = allCases.enumerated().compactMap { place, type in
      Candidate(type, place, among: ranges)
    }
    return candidates.sorted(by: >).map(\.type)
  }

  private struct Candidate: Comparable {
    let type: ResponseType
    private let quality: Double
    /// Of two that weigh the same, the one that was named wins over the one that a wildcard let in.
    private let fit: Int
    private let preference: Int

    init?(_ type: ResponseType, _ place: Int, among ranges: [MediaType]) {
      guard let range = ranges.max(by: { $0.fit(type.rawValue) < $1.fit(type.rawValue) }) else { return nil }
      self.type = type
      quality = range.quality
      fit = range.fit(type.rawValue)
      preference = fit < 3 && type == .json ? 1 : -place
      guard fit > 0, quality > 0 else { return nil }
      // "Anything" is not said by those who expect events.
      if type == .eventStream && fit == 1 { return nil }
    }

    static func < (left: Candidate, right: Candidate) -> Bool {
      (left.quality, left.fit, left.preference) < (right.quality, right.fit, right.preference)
    }
  }
}
