private import Synchronization
internal import World

/// One direction of a connection: what is sent arrives later, in order.
final class Link: Sendable {
  enum Item: Sendable {
    case text([UInt8])
    case close(UInt16, String)
    /// The connection has ended without a close frame.
    case cut
  }

  private let network: SimulatedNetwork
  private let items: Mailbox<(item: Item, arrival: Instant)>
  private let last = Mutex(Instant(nanoseconds: 0))

  init(network: SimulatedNetwork, limit: Int) {
    self.network = network
    items = Mailbox(limit: limit)
  }

  /// - Returns: false when too much is under way, or the link has ended.
  @discardableResult
  func send(_ item: Item) -> Bool {
    let arrival = network.arrival()
    let inOrder = last.withLock { last in
      last = max(last, arrival)
      return last
    }
    return items.send((item, inOrder))
  }

  /// What is under way still arrives; nothing more can be sent.
  func finish() { items.finish() }

  /// Hands over each item when it arrives, until the link has ended.
  func carry(world: World, to receiver: @Sendable (Item) -> Void) async {
    while let (item, arrival) = await items.next() {
      guard (try? await world.clock.sleep(until: arrival)) != nil else { return }
      receiver(item)
    }
  }
}
