private import Synchronization

/// What has to be visited once, soon: many mark, one sweeps. It makes many deliveries to many sockets cost one flush for
/// each socket and one wake-up for all.
package final class DirtyList<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])

  package init() {}

  /// - Returns: true for the first mark since the last ``take()``: the caller schedules the sweep.
  package func mark(_ element: Element) -> Bool {
    elements.withLock { elements in
      elements.append(element)
      return elements.count == 1
    }
  }

  /// Everything marked since the last time, in the order of the marks.
  package func take() -> [Element] {
    elements.withLock { elements in
      let taken = elements
      elements = []
      return taken
    }
  }
}
