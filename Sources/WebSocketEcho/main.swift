// websocket-echo: sends every WebSocket message back, for public test suites of RFC 6455 such as Autobahn's. It is a
// tiny shell around the frame code that client and server use (module Wire).

private import Glibc
internal import NIOCore
internal import NIOPosix

let arguments = CommandLine.arguments.dropFirst()
guard let port = Int(arguments.first ?? "9001"), (0...65_535).contains(port), arguments.count <= 1 else {
  print("usage: websocket-echo [PORT]")
  exit(2)
}
let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
do {
  let listener = try await ServerBootstrap(group: group)
    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
    .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
    .childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(EchoHandler()) }
    }
    .bind(host: "127.0.0.1", port: port).get()
  print("echoes at ws://127.0.0.1:\(listener.localAddress?.port ?? port)")
  try await listener.closeFuture.get()
} catch {
  print("websocket-echo cannot listen on port \(port): \(error)")
  exit(3)
}
