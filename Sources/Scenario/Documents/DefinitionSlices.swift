internal import GraphQL

/// The text of each definition of a document, so that an operation can be sent with just the fragments that it uses.
struct DefinitionSlices {
  struct Slice {
    var text: String
    var start: SourceLocation
    var end: SourceLocation

    func covers(_ place: SourceLocation) -> Bool {
      (place.line, place.column) >= (start.line, start.column) && (place.line, place.column) < (end.line, end.column)
    }
  }

  private let byOffset: [Int: Slice]
  private let fragments: [String: FragmentDefinitionNode]

  init(document: Document, text: String) {
    let bytes = Array(text.utf8)
    var slices: [Int: Slice] = [:]
    let offsets = document.definitions.map(\.offset).sorted()
    for (index, offset) in offsets.enumerated() {
      let end = index + 1 < offsets.count ? offsets[index + 1] : bytes.count
      guard offset < end, end <= bytes.count else { continue }
      // Between a definition and the next one there is only white space and comments; the latter belong to the next.
      let lines = String(decoding: bytes[offset..<end], as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)
      var kept = lines
      while let last = kept.last, last.allSatisfy(\.isWhitespace) || last.drop(while: \.isWhitespace).first == "#" {
        kept.removeLast()
      }
      slices[offset] = Slice(
        text: kept.joined(separator: "\n"), start: document.location(offset), end: document.location(end))
    }
    byOffset = slices
    fragments = Dictionary(
      document.fragments.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The operation's text, then that of each fragment it uses, directly or through others.
  func parts(of operation: OperationDefinitionNode) -> [Slice] {
    var parts = [byOffset[operation.offset]].compactMap(\.self)
    var seen: Set<String> = []
    var pending = [operation.selectionSet]
    while let set = pending.popLast() {
      for selection in set.selections.reversed() {
        switch selection {
        case .field(let node): if let inner = node.selectionSet { pending.append(inner) }
        case .inline(let node): pending.append(node.selectionSet)
        case .spread(let node):
          guard seen.insert(node.name.value).inserted, let fragment = fragments[node.name.value] else { continue }
          if let slice = byOffset[fragment.offset] { parts.append(slice) }
          pending.append(fragment.selectionSet)
        }
      }
    }
    return parts
  }
}
