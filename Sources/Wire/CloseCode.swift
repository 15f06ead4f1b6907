/// A WebSocket close code (RFC 6455, section 7.4; graphql-transport-ws for 4400 and above).
package struct CloseCode: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let normal = CloseCode(rawValue: 1000)
  package static let goingAway = CloseCode(rawValue: 1001)
  package static let protocolError = CloseCode(rawValue: 1002)
  package static let unsupportedData = CloseCode(rawValue: 1003)
  /// Never sent: stands for a close frame without a code.
  package static let noCode = CloseCode(rawValue: 1005)
  /// Never sent: stands for a connection that ended without a close frame.
  package static let abnormal = CloseCode(rawValue: 1006)
  package static let invalidPayload = CloseCode(rawValue: 1007)
  package static let policyViolation = CloseCode(rawValue: 1008)
  package static let tooBig = CloseCode(rawValue: 1009)
  package static let internalError = CloseCode(rawValue: 1011)
  package static let invalidMessage = CloseCode(rawValue: 4400)
  package static let unauthorized = CloseCode(rawValue: 4401)
  package static let forbidden = CloseCode(rawValue: 4403)
  package static let subprotocolNotAcceptable = CloseCode(rawValue: 4406)
  package static let initialisationTimeout = CloseCode(rawValue: 4408)
  package static let subscriberAlreadyExists = CloseCode(rawValue: 4409)
  package static let tooManyInitialisationRequests = CloseCode(rawValue: 4429)

  package var description: String { String(rawValue) }
}
