package import JSON

/// One step from the root of a response to a value in it.
package enum PathElement: Hashable, Sendable {
  /// A response key.
  case key(String)
  /// A position in a list, from zero.
  case index(Int)
}

/// An error in the form that a response shows it (specification, 7.1.2).
package struct GraphQLError: Error, Hashable, Sendable, CustomStringConvertible {
  package var message: String
  /// Where in the document; empty when the error is about no place in it.
  package var locations: [SourceLocation]
  /// The field of the response that the error is about; empty when it is about the whole request.
  package var path: [PathElement]
  package var extensions: JSONObject

  package init(
    _ message: String, locations: [SourceLocation] = [], path: [PathElement] = [], extensions: JSONObject = [:]
  ) {
    self.message = message
    self.locations = locations
    self.path = path
    self.extensions = extensions
  }

  /// The message and the places, such as "Unknown type "Foo". (3:14)".
  package var description: String {
    locations.isEmpty ? message : "\(message) (\(locations.map(\.description).joined(separator: ", ")))"
  }

  /// Appends the error as an element of a response's `errors`; empty parts are left out.
  package func write(into writer: inout JSONWriter) {
    writer.raw("{\"message\":")
    writer.string(message)
    if !locations.isEmpty {
      writer.raw(",\"locations\":[")
      for (index, location) in locations.enumerated() {
        writer.raw(index == 0 ? "{\"line\":" : ",{\"line\":")
        writer.int(Int64(location.line))
        writer.raw(",\"column\":")
        writer.int(Int64(location.column))
        writer.raw("}")
      }
      writer.raw("]")
    }
    if !path.isEmpty {
      writer.raw(",\"path\":[")
      for (index, element) in path.enumerated() {
        if index > 0 { writer.raw(",") }
        switch element {
        case .key(let key): writer.string(key)
        case .index(let index): writer.int(Int64(index))
        }
      }
      writer.raw("]")
    }
    if !extensions.isEmpty {
      writer.raw(",\"extensions\":")
      writer.object(extensions)
    }
    writer.raw("}")
  }

  static func syntax(_ message: String, _ source: Source, at offset: Int) -> GraphQLError {
    GraphQLError("Syntax Error: \(message)", locations: [source.location(at: offset)])
  }
}
