internal import NIOCore
internal import Wire
internal import World

/// The WebSocket end of a channel: performs what ``WebSocketConnection`` decides and writes what the client has queued.
final class ClientSocketHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// As many bytes as are put into one write; what a kernel's send buffer takes at once, more or less.
  private static let chunk = 64 << 10

  private let socket: NIOClientSocket
  private let closeLimit: Duration
  private let events: @Sendable (SocketEvent) -> Void
  private var masks: RandomStream
  private var connection: WebSocketConnection
  private var context: ChannelHandlerContext?
  private var isSilent = false
  private var isFinished = false
  private var closeTimer: Scheduled<Void>?

  init(
    socket: NIOClientSocket, masks: RandomStream, configuration: NetworkConfiguration,
    events: @escaping @Sendable (SocketEvent) -> Void
  ) {
    self.socket = socket
    self.masks = masks
    self.events = events
    closeLimit = configuration.closeLimit
    connection = WebSocketConnection(role: .client, messageLimit: configuration.messageLimit)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    socket.attach(self)
    visit()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    lose("")
    closeTimer?.cancel()
    socket.attach(nil)
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isSilent else { return }
    var actions: [WebSocketConnection.Action] = []
    unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
      connection.received(bytes) { actions.append($0) }
    }
    // Only now: performing one may end the channel, which comes back to the connection.
    for action in actions { perform(action) }
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { visit() }
  }

  func channelInactive(context: ChannelHandlerContext) { lose("The connection was lost") }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    lose("\(error)")
    context.close(promise: nil)
  }

  /// Writes what is queued, as long as the channel takes it, flushes once, and does as the client wishes.
  func visit() {
    guard let context, !isFinished else { return }
    var hasWritten = false
    while connection.isOpen, !isSilent, context.channel.isWritable {
      let messages = socket.take(atLeast: Self.chunk)
      if messages.isEmpty { break }
      context.write(wrapOutboundOut(frames(messages, context.channel.allocator)), promise: nil)
      hasWritten = true
    }
    let (wish, isDue) = socket.wish
    switch wish {
    case .stayOpen: break
    case .close(let code, let reason):
      startCloseTimer(context)
      if isDue {
        for action in connection.close(CloseCode(rawValue: code), reason: reason) { perform(action) }
        hasWritten = true
      }
    case .silence where !isSilent:
      isSilent = true
      context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
    case .silence: break
    case .abort(let reason):
      lose(reason)
      context.close(promise: nil)
    }
    if hasWritten { context.flush() }
  }

  private func frames(_ messages: ArraySlice<OutboundQueue.Message>, _ allocator: ByteBufferAllocator) -> ByteBuffer {
    let size = messages.reduce(0) { $0 + FrameHeader.longest + $1.count }
    var buffer = allocator.buffer(capacity: size)
    for message in messages { write(.text, message.payload, to: &buffer) }
    return buffer
  }

  private func write(_ opcode: Opcode, _ payload: [UInt8], to buffer: inout ByteBuffer) {
    let mask = UInt32(truncatingIfNeeded: masks.next())
    let header = FrameHeader(opcode, length: payload.count, mask: mask)
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: FrameHeader.longest) { header.write(into: $0) }
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: payload.count) { space in
      let target = UnsafeMutableRawBufferPointer(rebasing: space[..<payload.count])
      target.copyBytes(from: payload)
      FrameMask.apply(mask, to: target)
      return payload.count
    }
  }

  private func perform(_ action: WebSocketConnection.Action) {
    guard let context else { return }
    switch action {
    case .deliver(let text): events(.text(text))
    case .deliverBinary: break
    case .send(let opcode, let payload):
      if opcode == .pong && !context.channel.isWritable { return }
      var buffer = context.channel.allocator.buffer(capacity: FrameHeader.longest + payload.count)
      write(opcode, payload, to: &buffer)
      context.write(wrapOutboundOut(buffer), promise: nil)
    case .finish(let code, let reason, let clean):
      end(.closed(code: code.rawValue, reason: reason, clean: clean))
      // Our close frame first, then the end; the server closes its half itself.
      context.flush()
      context.close(promise: nil)
    }
  }

  private func startCloseTimer(_ context: ChannelHandlerContext) {
    guard closeTimer == nil else { return }
    let channel = context.channel
    closeTimer = context.eventLoop.scheduleTask(in: TimeAmount(closeLimit)) { channel.close(promise: nil) }
  }

  private func lose(_ reason: String) {
    for case .finish(let code, let reason, let clean) in connection.lost(reason: reason) {
      end(.closed(code: code.rawValue, reason: reason, clean: clean))
    }
  }

  private func end(_ event: SocketEvent) {
    guard !isFinished else { return }
    isFinished = true
    events(event)
  }
}
