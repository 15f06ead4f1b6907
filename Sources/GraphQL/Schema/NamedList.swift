/// Something in a schema that has a name.
package protocol Named: Sendable {
  var name: String { get }
}

/// Named things in the order of their definition, found by name in constant time. Of two with one name the first counts.
package struct NamedList<Element: Named>: RandomAccessCollection, Sendable {
  package let elements: [Element]
  private let positions: [String: Int]

  package init(_ elements: [Element] = []) {
    self.elements = elements
    positions = Dictionary(elements.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package var startIndex: Int { elements.startIndex }
  package var endIndex: Int { elements.endIndex }
  package subscript(position: Int) -> Element { elements[position] }
  package subscript(name: String) -> Element? { positions[name].map { elements[$0] } }
  /// The position of the element in the order of definition.
  package func index(of name: String) -> Int? { positions[name] }
  package var names: [String] { elements.map(\.name) }
}
