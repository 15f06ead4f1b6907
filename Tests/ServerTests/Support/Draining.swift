import Server
import Wire

extension ServerCore {
  /// Returns when the server has begun to drain; lets go of its thread, on which the draining may have to begin.
  func begunToDrain() async {
    while await respond(to: HTTPRequest(method: "GET", target: "/health")).status != 503, !Task.isCancelled {
      await Task.yield()
    }
  }
}
