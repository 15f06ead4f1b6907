internal import NIOCore
internal import Wire

/// The WebSocket end of a channel: performs what ``WebSocketConnection`` decides and writes what the session has queued.
final class SocketHandler: ChannelInboundHandler, OutboundDrain {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// As many bytes as are put into one write; what a kernel's send buffer takes at once, more or less.
  private static let chunk = 64 << 10

  private let inbound: any SocketInbound
  private let outbound: NIOSocketOutbound
  private let limits: NetworkLimits
  private var connection: WebSocketConnection
  private var context: ChannelHandlerContext?
  private var isFinished = false
  private var closeTimer: Scheduled<Void>?

  init(inbound: any SocketInbound, outbound: NIOSocketOutbound, messageLimit: Int, limits: NetworkLimits) {
    self.inbound = inbound
    self.outbound = outbound
    self.limits = limits
    connection = WebSocketConnection(role: .server, messageLimit: messageLimit)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    outbound.attach(self)
    flush()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    lose()
    closeTimer?.cancel()
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var actions: [WebSocketConnection.Action] = []
    unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
      connection.received(bytes) { actions.append($0) }
    }
    // Only now: performing one may end the channel, which comes back to the connection.
    for action in actions { perform(action) }
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { flush() }
  }

  func channelInactive(context: ChannelHandlerContext) { lose() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  /// Writes what is queued, as long as the channel takes it, then flushes once.
  func flush() {
    guard let context, !isFinished else { return }
    var hasWritten = false
    while connection.isOpen, context.channel.isWritable {
      let messages = outbound.take(atLeast: Self.chunk)
      if messages.isEmpty { break }
      context.write(wrapOutboundOut(Self.frames(messages, context.channel.allocator)), promise: nil)
      hasWritten = true
    }
    if let close = outbound.wantedClose {
      startCloseTimer(context)
      if close.isDue {
        for action in connection.close(close.code, reason: close.reason) { perform(action) }
        hasWritten = true
      }
    }
    if hasWritten { context.flush() }
  }

  private static func frames(
    _ messages: ArraySlice<OutboundQueue.Message>, _ allocator: ByteBufferAllocator
  ) -> ByteBuffer {
    // One buffer and so one write for all: copying a payload costs less than telling the kernel of one more piece.
    let size = messages.reduce(0) { $0 + FrameHeader.longest + $1.count }
    var buffer = allocator.buffer(capacity: size)
    for message in messages {
      buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: FrameHeader.longest) {
        FrameHeader(.text, length: message.count).write(into: $0)
      }
      buffer.writeBytes(message.prefix)
      buffer.writeBytes(message.payload)
      buffer.writeBytes(message.suffix)
    }
    return buffer
  }

  private func perform(_ action: WebSocketConnection.Action) {
    guard let context else { return }
    switch action {
    case .deliver(let text): inbound.received(text: text)
    case .deliverBinary: break
    case .send(let opcode, let payload):
      // A peer that pings without reading is owed no answer to each (RFC 6455, section 5.5.3).
      if opcode == .pong && !context.channel.isWritable { return }
      context.write(wrapOutboundOut(ByteBuffer(bytes: FrameHeader.frame(opcode, payload))), promise: nil)
    case .finish: finish(context)
    }
  }

  /// Says no more, and leaves the peer a moment to read what was said: a connection that is closed with bytes unread is
  /// reset, and takes our close frame with it.
  private func finish(_ context: ChannelHandlerContext) {
    end()
    context.flush()
    context.close(mode: .output, promise: nil)
    let channel = context.channel
    closeTimer?.cancel()
    closeTimer = context.eventLoop.scheduleTask(in: TimeAmount(limits.linger)) { channel.close(promise: nil) }
  }

  private func startCloseTimer(_ context: ChannelHandlerContext) {
    guard closeTimer == nil else { return }
    let channel = context.channel
    closeTimer = context.eventLoop.scheduleTask(in: TimeAmount(limits.closeHandshake)) { channel.close(promise: nil) }
  }

  private func lose() {
    if !connection.lost().isEmpty { end() }
  }

  private func end() {
    guard !isFinished else { return }
    isFinished = true
    outbound.detach()
    inbound.ended()
  }
}
