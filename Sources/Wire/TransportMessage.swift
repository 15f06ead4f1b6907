package import JSON

/// A message of the graphql-transport-ws protocol, in either direction.
///
/// Source: github.com/enisdenjo/graphql-ws, PROTOCOL.md, "GraphQL over WebSocket Protocol".
package enum TransportMessage: Hashable, Sendable {
  case connectionInit(payload: JSONObject?)
  case connectionAck(payload: JSONObject?)
  case ping(payload: JSONObject?)
  case pong(payload: JSONObject?)
  case subscribe(id: String, payload: JSONObject)
  case next(id: String, payload: JSON)
  case error(id: String, errors: [JSON])
  case complete(id: String)

  /// The subprotocol's name in `Sec-WebSocket-Protocol`.
  package static let subprotocol = "graphql-transport-ws"
}

/// Why a text is not a message of the protocol; its text is fit for a close reason.
package struct TransportMessageError: Error, Hashable, Sendable {
  package let message: String
}

extension TransportMessage {
  /// Reads one message, strictly.
  /// - Throws: ``TransportMessageError`` for what is not JSON, lacks a member, or has one of the wrong type.
  package static func decode(_ text: [UInt8]) throws(TransportMessageError) -> TransportMessage {
    let json: JSON
    do throws(JSONError) { json = try JSON.parse(text) } catch {
      throw TransportMessageError(message: "Invalid JSON: \(error)")
    }
    guard let object = json.object else {
      throw TransportMessageError(message: "A message must be an object, found \(json.kindName)")
    }
    guard let type = object["type"]?.string else {
      throw TransportMessageError(message: "A message must have a 'type' that is a string")
    }
    switch type {
    case "connection_init": return .connectionInit(payload: try optionalPayload(object, type))
    case "connection_ack": return .connectionAck(payload: try optionalPayload(object, type))
    case "ping": return .ping(payload: try optionalPayload(object, type))
    case "pong": return .pong(payload: try optionalPayload(object, type))
    case "subscribe":
      guard let payload = object["payload"]?.object else {
        throw TransportMessageError(message: "'subscribe' must have a 'payload' that is an object")
      }
      return .subscribe(id: try id(object, type), payload: payload)
    case "next":
      guard let payload = object["payload"] else {
        throw TransportMessageError(message: "'next' must have a 'payload'")
      }
      return .next(id: try id(object, type), payload: payload)
    case "error":
      guard let errors = object["payload"]?.array else {
        throw TransportMessageError(message: "'error' must have a 'payload' that is an array")
      }
      return .error(id: try id(object, type), errors: errors)
    case "complete": return .complete(id: try id(object, type))
    default: throw TransportMessageError(message: "Unknown message type '\(type)'")
    }
  }

  /// The message as JSON text.
  package var bytes: [UInt8] {
    var object = JSONObject()
    switch self {
    case .connectionInit(let payload): Self.set(&object, "connection_init", payload: payload.map(JSON.object))
    case .connectionAck(let payload): Self.set(&object, "connection_ack", payload: payload.map(JSON.object))
    case .ping(let payload): Self.set(&object, "ping", payload: payload.map(JSON.object))
    case .pong(let payload): Self.set(&object, "pong", payload: payload.map(JSON.object))
    case .subscribe(let id, let payload): Self.set(&object, "subscribe", id: id, payload: .object(payload))
    case .next(let id, let payload): Self.set(&object, "next", id: id, payload: payload)
    case .error(let id, let errors): Self.set(&object, "error", id: id, payload: .array(errors))
    case .complete(let id): Self.set(&object, "complete", id: id, payload: nil)
    }
    return JSON.object(object).bytes
  }

  private static func set(_ object: inout JSONObject, _ type: String, id: String? = nil, payload: JSON?) {
    if let id { object.append("id", .string(id)) }
    object.append("type", .string(type))
    if let payload { object.append("payload", payload) }
  }

  private static func optionalPayload(
    _ object: JSONObject, _ type: String
  ) throws(TransportMessageError) -> JSONObject? {
    guard let payload = object["payload"], !payload.isNull else { return nil }
    guard let object = payload.object else {
      throw TransportMessageError(message: "The 'payload' of '\(type)' must be an object, found \(payload.kindName)")
    }
    return object
  }

  private static func id(_ object: JSONObject, _ type: String) throws(TransportMessageError) -> String {
    guard let id = object["id"]?.string, !id.isEmpty else {
      throw TransportMessageError(message: "'\(type)' must have an 'id' that is a string and not empty")
    }
    return id
  }
}
