import NIOCore
import NIOPosix

/// A TCP connection that sends whatever bytes a test likes.
struct RawConnection {
  /// The bytes as they came, in pieces; `nil` for the end.
  let received: Recorder<[UInt8]?>
  private let channel: any Channel

  init(port: Int) async throws {
    let received = Recorder<[UInt8]?>()
    self.received = received
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Collector(received: received))
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
  }

  func send(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

  func send(_ text: String) { send(Array(text.utf8)) }

  func stopReading() async throws { try await channel.setOption(.autoRead, value: false).get() }

  func resumeReading() async throws { try await channel.setOption(.autoRead, value: true).get() }

  func close() { channel.close(promise: nil) }

  /// Everything that came, when it holds `text`, or the connection ended.
  func text(containing text: String) async -> String {
    await received.wait { $0.last == .some(nil) || Self.text($0).contains(text) }
    return Self.text(received.elements)
  }

  /// Everything that came until the other side ended the connection.
  func rest() async -> [UInt8] {
    Self.join(await received.wait { $0.last == .some(nil) })
  }

  /// Opens a WebSocket and returns when the server has agreed.
  /// - Returns: the server's answer.
  @discardableResult
  func upgrade(subprotocol: String? = "graphql-transport-ws") async -> String {
    let offer = subprotocol.map { "Sec-WebSocket-Protocol: \($0)\r\n" } ?? ""
    send(
      "GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(offer)\r\n")
    return await text(containing: "\r\n\r\n")
  }

  /// Everything that came so far.
  var bytes: [UInt8] { Self.join(received.elements) }

  static func join(_ pieces: [[UInt8]?]) -> [UInt8] { pieces.flatMap { $0 ?? [] } }

  private static func text(_ pieces: [[UInt8]?]) -> String { String(decoding: join(pieces), as: UTF8.self) }

  private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let received: Recorder<[UInt8]?>
    init(received: Recorder<[UInt8]?>) { self.received = received }
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      received.record(Array(unwrapInboundIn(data).readableBytesView))
    }
    func channelInactive(context: ChannelHandlerContext) { received.record(nil) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
