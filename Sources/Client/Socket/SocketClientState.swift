internal import JSON
internal import Wire
internal import World

/// The client's end of graphql-transport-ws as a pure state machine: an event in, effects out, to be carried out in order.
struct SocketClientState {
  enum Event {
    /// The WebSocket is open.
    case opened(payload: JSONObject?)
    case transport(SocketEvent)
    case acknowledgementDue
    case operation(id: String, body: [UInt8])
    case complete(id: String)
    case fence(WaiterKey, name: String)
    case fenceAbandoned(WaiterKey)
    case heartbeat
    case heartbeatDue
    case close(code: UInt16, reason: String)
    case abort(ClientError)
    case silence
  }

  enum Effect {
    case send([UInt8])
    case emit(SocketClientEvent)
    /// `connect` returns.
    case connected
    /// `connect` throws.
    case connectionFailed(ClientError)
    case fenceReached(WaiterKey)
    case fenceFailed(WaiterKey, ClientError)
    case closeSocket(code: UInt16, reason: String)
    case abortSocket
    case silenceSocket
    case stopTimers
  }

  typealias WaiterKey = UInt64

  private enum Phase {
    case new
    /// Waits for `connection_ack`.
    case initialising
    case ready
    /// Our close is on its way.
    case closing
    case silent
    case closed
  }

  private let pongLimit: Duration
  private var phase = Phase.new
  private var fences: [(waiter: WaiterKey, name: String)] = []
  /// Whether nothing has come back since the last heartbeat.
  private(set) var awaitsHeartbeat = false
  /// Bytes of messages.
  private(set) var bytesReceived = 0

  init(pongLimit: Duration) { self.pongLimit = pongLimit }

  var isReady: Bool { if case .ready = phase { true } else { false } }

  mutating func handle(_ event: Event) -> [Effect] {
    switch (event, phase) {
    case (.opened(let payload), .new):
      phase = .initialising
      return [.send(TransportMessage.connectionInit(payload: payload).bytes)]
    case (.transport, .silent), (.transport, .closed): return []
    case (.transport(.text(let text)), _): return received(text)
    case (.transport(.closed(let code, let reason, let clean)), _): return end(code, reason, clean: clean)
    case (.acknowledgementDue, .initialising):
      return fail(ClientError(.timedOut, "The server did not acknowledge the connection in time"))
    case (.operation(let id, let body), .ready): return [.send(Self.subscribe(id, body))]
    case (.complete(let id), .ready): return [.send(TransportMessage.complete(id: id).bytes)]
    case (.fence(let waiter, let name), .ready):
      fences.append((waiter, name))
      return [.send(TransportMessage.ping(payload: ["fence": .string(name)]).bytes)]
    case (.fence(let waiter, _), _):
      return [.fenceFailed(waiter, ClientError(.closed, "A fence needs a socket that is open"))]
    case (.fenceAbandoned(let waiter), _):
      guard let index = fences.firstIndex(where: { $0.waiter == waiter }) else { return [] }
      fences.remove(at: index)
      return [.fenceFailed(waiter, ClientError(.cancelled, "The fence was abandoned"))]
    case (.heartbeat, .ready):
      awaitsHeartbeat = true
      return [.send(TransportMessage.ping(payload: nil).bytes)]
    case (.heartbeatDue, .ready) where awaitsHeartbeat:
      return fail(ClientError(.timedOut, "The server did not answer a heartbeat within \(pongLimit)"))
    case (.close(let code, let reason), .initialising), (.close(let code, let reason), .ready):
      phase = .closing
      return [.stopTimers, .closeSocket(code: code, reason: reason)]
    case (.close, .new), (.close, .silent):
      return fail(ClientError(.closed, "The socket was closed before it was open"))
    case (.abort(let error), .new), (.abort(let error), .initialising), (.abort(let error), .ready),
      (.abort(let error), .closing), (.abort(let error), .silent):
      return fail(error)
    case (.silence, .initialising), (.silence, .ready):
      let effects = failWaiting(ClientError(.closed, "The socket was silenced"))
      phase = .silent
      return [.stopTimers, .silenceSocket] + effects
    default: return []
    }
  }

  private mutating func received(_ text: [UInt8]) -> [Effect] {
    bytesReceived += text.count
    let message: TransportMessage
    do throws(TransportMessageError) { message = try TransportMessage.decode(text) } catch {
      return violate(error.message)
    }
    switch message {
    case .connectionAck:
      guard case .initialising = phase else { return violate("A second connection_ack") }
      phase = .ready
      return [.connected]
    case .ping(let payload): return [.send(TransportMessage.pong(payload: payload).bytes)]
    case .pong(let payload): return pong(payload)
    case .next(let id, let payload): return [.emit(.next(id: id, payload: payload))]
    case .error(let id, let errors): return [.emit(.error(id: id, errors: errors))]
    case .complete(let id): return [.emit(.complete(id: id))]
    case .connectionInit, .subscribe: return violate("Only a client sends this type of message")
    }
  }

  private mutating func pong(_ payload: JSONObject?) -> [Effect] {
    // Any pong shows that the server lives.
    awaitsHeartbeat = false
    let event = Effect.emit(.pong(payload: payload))
    guard let name = payload?["fence"]?.string, let index = fences.firstIndex(where: { $0.name == name }) else {
      return [event]
    }
    return [event, .fenceReached(fences.remove(at: index).waiter)]
  }

  /// The server broke the protocol: says so to it and ends.
  private mutating func violate(_ what: String) -> [Effect] {
    let error = ClientError(.protocolViolation, "The server broke \(TransportMessage.subprotocol): \(what)")
    let code = CloseCode.invalidMessage.rawValue
    return [.closeSocket(code: code, reason: what)] + end(code, error.message, clean: false, because: error)
  }

  private mutating func fail(_ error: ClientError) -> [Effect] {
    [.abortSocket] + end(CloseCode.abnormal.rawValue, error.message, clean: false, because: error)
  }

  private mutating func end(
    _ code: UInt16, _ reason: String, clean: Bool, because error: ClientError? = nil
  ) -> [Effect] {
    let waiting = failWaiting(error ?? .closed(CloseCode(rawValue: code), reason))
    phase = .closed
    return [.stopTimers] + waiting + [.emit(.closed(code: code, reason: reason, clean: clean))]
  }

  private mutating func failWaiting(_ error: ClientError) -> [Effect] {
    var effects: [Effect] = []
    switch phase {
    case .new, .initialising: effects.append(.connectionFailed(error))
    default: break
    }
    effects += fences.map { .fenceFailed($0.waiter, error) }
    fences = []
    return effects
  }

  private static func subscribe(_ id: String, _ body: [UInt8]) -> [UInt8] {
    var writer = JSONWriter(reserving: body.count + 64)
    writer.raw("{\"id\":")
    writer.string(id)
    writer.raw(",\"type\":\"subscribe\",\"payload\":")
    writer.raw(body)
    writer.raw("}")
    return writer.bytes
  }
}
