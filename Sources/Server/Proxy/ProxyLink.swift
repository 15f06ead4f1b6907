internal import NIOCore
internal import NIOHTTP1
internal import Wire
internal import World

/// A client's connection (the front), that to the target (the back), and what is known of what passes between. All of it
/// happens on one event loop.
final class ProxyLink {
  enum Side { case front, back }

  let hub: ProxyHub
  /// The outermost handlers, where bytes go out as they are.
  private var front: ChannelHandlerContext?
  private var back: ChannelHandlerContext?
  /// Requests that have no response yet, in order.
  private var unanswered: [Int] = []
  private var socket: SocketTap?

  init(hub: ProxyHub) { self.hub = hub }

  func prepare(front channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(ProxyEnd(.front, link: self))
    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)))
    try pipeline.addHandler(RequestRelay(link: self))
  }

  func prepare(back channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(ProxyEnd(.back, link: self))
    try pipeline.addHandler(HTTPRequestEncoder())
    try pipeline.addHandler(ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes)))
    try pipeline.addHandler(ResponseTap(link: self))
  }

  func attach(_ side: Side, _ context: ChannelHandlerContext?) {
    if side == .front { front = context } else { back = context }
  }

  func other(than side: Side) -> ChannelHandlerContext? { side == .front ? back : front }

  /// Says no more to the other side once what waits is written, and gives it a moment to end too.
  func ended(_ side: Side) {
    socket?.lost(byClient: side == .front, hub)
    guard let context = other(than: side) else { return }
    context.close(mode: .output, promise: nil)
    let channel = context.channel
    context.eventLoop.scheduleTask(in: TimeAmount(hub.limits.linger)) { channel.close(promise: nil) }
  }

  /// One side has said its last: so has, to the other side, the proxy.
  func saidAll(_ side: Side) {
    socket?.lost(byClient: side == .front, hub)
    other(than: side)?.close(mode: .output, promise: nil)
  }

  func begin() -> Int {
    let number = hub.nextNumber()
    unanswered.append(number)
    return number
  }

  func answered() -> Int? { unanswered.isEmpty ? nil : unanswered.removeFirst() }

  /// Sends a part of a request, encoded, to the target.
  func send(_ part: HTTPClientRequestPart) {
    back?.pipeline.syncOperations.write(NIOAny(part), promise: nil)
  }

  /// From here on the client's bytes go to the target as they are.
  func expectSocket(_ number: Int, _ request: HTTPRequest) {
    socket = SocketTap(number: number, request: request, limit: hub.limits.message)
  }

  func relay(_ bytes: ByteBuffer, from side: Side) {
    other(than: side)?.write(NIOAny(bytes), promise: nil)
    // What a decoder held back comes outside of a turn of reading.
    if side == .front { back?.flush() }
  }

  func opened() {
    if let socket { hub.tell(.opened(socket: socket.number, socket.request)) }
  }

  func look(at bytes: ByteBuffer, from side: Side) { socket?.read(bytes, fromClient: side == .front, hub) }
}

/// Reads along with the frames of one WebSocket.
struct SocketTap {
  let number: Int
  let request: HTTPRequest
  private var client: FrameReader
  private var server: FrameReader
  private var isOver = false

  init(number: Int, request: HTTPRequest, limit: Int) {
    self.number = number
    self.request = request
    client = FrameReader(role: .server, messageLimit: limit, takesBinary: true)
    server = FrameReader(role: .client, messageLimit: limit, takesBinary: true)
  }

  mutating func read(_ bytes: ByteBuffer, fromClient: Bool, _ hub: ProxyHub) {
    var events: [FrameReader.Event] = []
    bytes.withUnsafeReadableBytes { bytes in
      if fromClient { client.read(bytes) { events.append($0) } } else { server.read(bytes) { events.append($0) } }
    }
    for event in events where !isOver {
      switch event {
      case .text(let text): hub.tell(.message(socket: number, fromClient: fromClient, text))
      case .close(let code, _):
        isOver = true
        hub.tell(.closed(socket: number, byClient: fromClient, code ?? .noCode))
      case .violation(_, let reason): hub.tell(.unseen("the rest of sockets: \(reason)"))
      case .binary: hub.tell(.unseen("binary messages"))
      case .ping, .pong: break
      }
    }
  }

  mutating func lost(byClient: Bool, _ hub: ProxyHub) {
    guard !isOver else { return }
    isOver = true
    hub.tell(.closed(socket: number, byClient: byClient, nil))
  }
}

/// A body in the making, as far as it is kept.
struct SeenBody {
  let limit: Int
  private(set) var bytes: [UInt8] = []
  private(set) var isWhole = true

  init(limit: Int) { self.limit = limit }

  mutating func append(_ piece: ByteBuffer) {
    isWhole = isWhole && bytes.count + piece.readableBytes <= limit
    if isWhole { bytes.append(contentsOf: piece.readableBytesView) } else { bytes = [] }
  }
}
