import Testing
import Wire

@Suite struct WebSocketConnectionTests {
  private func receive(_ connection: inout WebSocketConnection, _ frame: [UInt8]) -> [WebSocketConnection.Action] {
    var actions: [WebSocketConnection.Action] = []
    frame.withUnsafeBytes { connection.received($0) { actions.append($0) } }
    return actions
  }

  private func close(_ connection: inout WebSocketConnection) -> [WebSocketConnection.Action] {
    connection.close(.normal, reason: "")
  }

  private func lose(_ connection: inout WebSocketConnection) -> [WebSocketConnection.Action] { connection.lost() }

  @Test("a peer's close is echoed and ends the connection")
  func closedByPeer() {
    var connection = WebSocketConnection(role: .client, messageLimit: 100)
    let payload = CloseCode.goingAway.payload(reason: "bye")
    #expect(
      receive(&connection, FrameHeader.frame(.close, payload)) == [
        .send(.close, payload), .finish(.goingAway, reason: "bye", clean: true),
      ])
    #expect(!connection.isOpen)
    #expect(lose(&connection) == [])
  }

  @Test("our close waits for the peer's, and delivers nothing meanwhile")
  func closedByUs() {
    var connection = WebSocketConnection(role: .client, messageLimit: 100)
    let payload = CloseCode.normal.payload(reason: "")
    #expect(close(&connection) == [.send(.close, payload)])
    #expect(close(&connection) == [])
    #expect(receive(&connection, FrameHeader.frame(.text, [65])) == [])
    #expect(receive(&connection, FrameHeader.frame(.close, payload)) == [.finish(.normal, reason: "", clean: true)])
  }

  @Test("a violation is told to the peer and is no clean end")
  func violation() {
    var connection = WebSocketConnection(role: .client, messageLimit: 100)
    let actions = receive(&connection, [0x81, 0x01, 0xff])
    let reason = "A text message must be UTF-8"
    #expect(
      actions == [
        .send(.close, CloseCode.invalidPayload.payload(reason: reason)),
        .finish(.invalidPayload, reason: reason, clean: false),
      ])
  }

  @Test("a lost connection ends with 1006, once")
  func lost() {
    var connection = WebSocketConnection(role: .server, messageLimit: 100)
    #expect(lose(&connection) == [.finish(.abnormal, reason: "", clean: false)])
    #expect(lose(&connection) == [])
  }

  @Test("a ping is answered with its payload")
  func ping() {
    var connection = WebSocketConnection(role: .client, messageLimit: 100)
    #expect(receive(&connection, FrameHeader.frame(.ping, [1, 2])) == [.send(.pong, [1, 2])])
  }
}
