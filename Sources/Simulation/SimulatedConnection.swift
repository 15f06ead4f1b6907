internal import Client
private import Synchronization
internal import Wire
internal import World

/// One WebSocket: a link in each direction, and who has ended it.
final class SimulatedConnection: ClientSocket {
  /// The most messages that may be under way to the server.
  private static let inboundLimit = 65_536

  private struct State {
    /// The client hears nothing more and says nothing more.
    var silenced = false
    /// `.closed` has been told to the client.
    var clientKnows = false
    /// `ended` has been told to the server.
    var serverKnows = false
  }

  private let toClient: Link
  private let toServer: Link
  private let events: @Sendable (SocketEvent) -> Void
  private let state = Mutex(State())
  let serverEnd: ServerEnd

  init(network: SimulatedNetwork, limit: Int, events: @escaping @Sendable (SocketEvent) -> Void) {
    toClient = Link(network: network, limit: limit)
    toServer = Link(network: network, limit: Self.inboundLimit)
    serverEnd = ServerEnd(link: toClient)
    self.events = events
  }

  /// Begins to carry bytes between the client and the server's session.
  func start(_ inbound: any SocketInbound, world: World) {
    world.spawn { await self.toClient.carry(world: world) { self.arriveAtClient($0) } }
    world.spawn { await self.toServer.carry(world: world) { self.arriveAtServer($0, inbound) } }
  }

  func send(text: [UInt8]) {
    if !state.withLock({ $0.silenced }) { toServer.send(.text(text)) }
  }

  func close(code: UInt16, reason: String) { toServer.send(.close(code, reason)) }

  func abort() {
    tellClient(.closed(code: CloseCode.abnormal.rawValue, reason: "", clean: false))
    toServer.send(.cut)
  }

  func silence() { state.withLock { $0.silenced = true } }

  private func arriveAtClient(_ item: Link.Item) {
    switch item {
    case .text(let text):
      if !state.withLock({ $0.silenced || $0.clientKnows }) { events(.text(text)) }
    case .close(let code, let reason):
      // The client's stack answers a close frame even when the client itself is silent, unless its machine sleeps:
      // silence stands for a machine that sleeps, so nobody answers, and the server ends the connection on its own.
      if !state.withLock({ $0.silenced }) { tellClient(.closed(code: code, reason: reason, clean: true)) }
      toServer.send(.cut)
    case .cut: tellClient(.closed(code: CloseCode.abnormal.rawValue, reason: "", clean: false))
    }
  }

  private func arriveAtServer(_ item: Link.Item, _ inbound: any SocketInbound) {
    switch item {
    case .text(let text):
      if !state.withLock({ $0.serverKnows }) { inbound.received(text: text) }
    case .close(let code, let reason):
      tellServer(inbound)
      toClient.send(.close(code, reason))
      toClient.finish()
    case .cut:
      tellServer(inbound)
      toClient.finish()
    }
  }

  private func tellClient(_ event: SocketEvent) {
    let first = state.withLock { state in
      defer { state.clientKnows = true }
      return !state.clientKnows
    }
    if first { events(event) }
  }

  private func tellServer(_ inbound: any SocketInbound) {
    let first = state.withLock { state in
      defer { state.serverKnows = true }
      return !state.serverKnows
    }
    guard first else { return }
    inbound.ended()
    toServer.finish()
  }
}

/// The server's way to the client of one connection.
final class ServerEnd: SocketOutbound {
  private let link: Link

  init(link: Link) { self.link = link }

  func send(prefix: [UInt8], payload: [UInt8], suffix: [UInt8]) -> Bool { link.send(.text(prefix + payload + suffix)) }

  func close(_ code: CloseCode, reason: String) {
    link.send(.close(code.rawValue, reason))
    link.finish()
  }
}
