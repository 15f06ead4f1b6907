private import CGlibc
private import Glibc
internal import NIOCore
internal import NIOPosix

/// The other end for measurements of the load generator alone.
enum Nothing {
  /// Serves until it is killed; prints its port.
  static func serve(port: Int) async throws {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup(numberOfThreads: 1))
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.backlog, value: 4096)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(NothingHandler()) }
      }
      .bind(host: "127.0.0.1", port: port).get()
    print(listener.localAddress?.port ?? port)
    fflush(nil)
    try await listener.closeFuture.get()
  }

  /// Opens connections that have no handler and do nothing, and prints what each costs in memory: the least that a socket on
  /// NIO can.
  static func connections(port: Int, count: Int) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let bootstrap = ClientBootstrap(group: group).channelOption(.tcpOption(.tcp_nodelay), value: 1)
    var channels: [any Channel] = []
    channels.append(try await bootstrap.connect(host: "127.0.0.1", port: port).get())
    let (heap, resident) = (mallinfo2().uordblks, residentBytes())
    for _ in 0..<count { channels.append(try await bootstrap.connect(host: "127.0.0.1", port: port).get()) }
    let each = (
      (Int(mallinfo2().uordblks) - Int(heap)) / max(count, 1), (residentBytes() - resident) / max(count, 1)
    )
    print("\(count) bare connections: \(each.0) bytes of heap and \(each.1) bytes resident for each")
    for channel in channels { try await channel.close().get() }
    try await group.shutdownGracefully()
  }

  private static func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, 128, file) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
