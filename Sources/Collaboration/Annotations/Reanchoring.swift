/// An element of a page, as a client that looks for annotations sees it.
package struct PageElement: Hashable, Sendable {
  /// A selector that matches the element and no other. For each annotation's own selector, the element that it matches now
  /// is given under it.
  package let selector: String
  /// What identifies it to the application: `id`, `data-…`; empty when there is nothing.
  package let ids: [String]
  /// Its text content.
  package let text: String

  package init(selector: String, ids: [String] = [], text: String) {
    self.selector = selector
    self.ids = ids
    self.text = text
  }
}

/// What an annotation says of its place.
package struct Anchor: Hashable, Sendable {
  /// A CSS selector of the element.
  package let selector: String
  /// What identified the element to the application, the surest first.
  package var ids: [String] = []
  /// What was highlighted.
  package var quotedText: String?
  /// The text of the element just before and after it, which tells equal passages apart.
  package var textBefore: String?
  package var textAfter: String?

  package init(selector: String) { self.selector = selector }
}

/// Where an annotation is on a page as it is now.
package enum Reanchored: Hashable, Sendable {
  case anchored
  case moved(selector: String)
  case orphaned
}

/// A page as it is now, and the rules by which every client comes to the same state of an annotation on it
/// (docs/annotations.md has them in words). Pure: the same anchor and page give the same answer, wherever they are asked.
package struct PageSnapshot: Sendable {
  private let elements: [(element: PageElement, text: [UInt8])]

  /// - Parameter elements: in document order.
  package init(_ elements: [PageElement]) {
    self.elements = elements.map { ($0, Self.normalized($0.text)) }
  }

  /// Finds an annotation's place again.
  package func find(_ anchor: Anchor) -> Reanchored {
    let quote = Self.normalized(anchor.quotedText ?? "")
    if let there = elements.first(where: { $0.element.selector == anchor.selector }),
      !isOther(there.element, anchor), Self.places(of: quote, in: there.text).first != nil
    {
      return .anchored
    }
    for id in anchor.ids {
      let named = elements.first { $0.element.ids.contains(id) && Self.places(of: quote, in: $0.text).first != nil }
      if let named { return .moved(selector: named.element.selector) }
    }
    return quote.isEmpty ? .orphaned : byText(quote, anchor)
  }

  /// What the application calls by other names than the annotation does is another element, wherever it stands.
  private func isOther(_ element: PageElement, _ anchor: Anchor) -> Bool {
    !anchor.ids.isEmpty && !element.ids.isEmpty && !element.ids.contains(where: anchor.ids.contains)
  }

  /// The innermost element with the passage whose surroundings are most like the annotation's. Two that are equally like
  /// count as none: a remark at a wrong place is worse than one at no place.
  private func byText(_ quote: [UInt8], _ anchor: Anchor) -> Reanchored {
    let (before, after) = (Self.normalized(anchor.textBefore ?? ""), Self.normalized(anchor.textAfter ?? ""))
    var best: [Int] = []
    var highest = 0
    for (index, candidate) in elements.enumerated() {
      let likeness = Self.places(of: quote, in: candidate.text).map { start in
        let head = Self.trimmed(candidate.text[..<start])
        let tail = Self.trimmed(candidate.text[(start + quote.count)...])
        return zip(head.reversed(), before.reversed()).prefix { $0 == $1 }.count
          + zip(tail, after).prefix { $0 == $1 }.count
      }
      guard let likeness = likeness.max(), likeness >= highest else { continue }
      if likeness > highest { best = [] }
      highest = likeness
      best.append(index)
    }
    guard let innermost = best.min(by: { elements[$0].text.count < elements[$1].text.count }) else { return .orphaned }
    let inner = elements[innermost].text
    let isAmbiguous = best.contains { index in
      let text = elements[index].text
      return index != innermost && (text.count == inner.count || Self.places(of: inner, in: text).first == nil)
    }
    return isAmbiguous ? .orphaned : .moved(selector: elements[innermost].element.selector)
  }

  /// The bytes with each run of white space as one space, and none at the ends.
  private static func normalized(_ text: String) -> [UInt8] {
    Array(text.split { $0.isWhitespace }.joined(separator: " ").utf8)
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let space = UInt8(ascii: " ")
    let rest = bytes.first == space ? bytes.dropFirst() : bytes
    return rest.last == space ? rest.dropLast() : rest
  }

  /// Where a part begins in a whole; nothing is everywhere.
  private static func places(of part: [UInt8], in whole: [UInt8]) -> [Int] {
    guard let first = part.first else { return [0] }
    guard part.count <= whole.count else { return [] }
    return (0...(whole.count - part.count)).filter { start in
      whole[start] == first && whole[start..<(start + part.count)].elementsEqual(part)
    }
  }
}
