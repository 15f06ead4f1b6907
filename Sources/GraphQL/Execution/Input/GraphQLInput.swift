package import JSON
package import World

/// A Swift type that an argument, or a field of an input object, can be read as.
///
/// A string enum needs no code: `extension Visibility: GraphQLInput {}`.
package protocol GraphQLInput: Sendable {
  /// Reads a coerced value; `nil` means that it was not given at all.
  static func read(_ value: JSON?) throws(InputMismatch) -> Self
}

/// The SDL and the Swift code disagree about an argument's type: a mistake of ours, so clients see an internal error.
package struct InputMismatch: Error, Hashable, Sendable, CustomStringConvertible {
  package let expected: String
  package let found: String
  /// Where in the arguments, outermost first; completed while the error travels out.
  package var path: [String]

  package init(expected: String, found: String, path: [String] = []) {
    self.expected = expected
    self.found = found
    self.path = path
  }

  init(_ type: Any.Type, _ value: JSON?) {
    self.init(expected: "\(type)", found: value.map { $0.kindName } ?? "nothing")
  }

  package var description: String {
    "The argument '\(path.joined(separator: "."))' was read as \(expected), found \(found)"
  }
}

extension String: GraphQLInput {
  package static func read(_ value: JSON?) throws(InputMismatch) -> String {
    guard let text = value?.string else { throw InputMismatch(String.self, value) }
    return text
  }
}

extension Bool: GraphQLInput {
  package static func read(_ value: JSON?) throws(InputMismatch) -> Bool {
    guard let bool = value?.bool else { throw InputMismatch(Bool.self, value) }
    return bool
  }
}

extension Int: GraphQLInput {
  package static func read(_ value: JSON?) throws(InputMismatch) -> Int {
    guard let whole = value?.int, let int = Int(exactly: whole) else { throw InputMismatch(Int.self, value) }
    return int
  }
}

extension Int64: GraphQLInput {
  package static func read(_ value: JSON?) throws(InputMismatch) -> Int64 {
    guard let int = value?.int else { throw InputMismatch(Int64.self, value) }
    return int
  }
}

extension Double: GraphQLInput {
  package static func read(_ value: JSON?) throws(InputMismatch) -> Double {
    guard let number = value?.number else { throw InputMismatch(Double.self, value) }
    return number
  }
}

/// An `ID` that is no identifier of ours is the client's mistake, not ours: a fault the client reads.
extension ID: GraphQLInput {
  package static func read(_ value: JSON?) throws(InputMismatch) -> ID {
    guard let text = value?.string, let id = ID(text) else {
      throw InputMismatch(expected: InputMismatch.identifier, found: value?.string ?? "nothing")
    }
    return id
  }
}

extension InputMismatch {
  static let identifier = "an identifier"

  /// What the resolver's caller sees: a fault to read where the client gave a malformed identifier.
  var surfaced: any Error {
    guard expected == Self.identifier else { return self }
    return GraphQLFault(
      "Argument \"\(path.joined(separator: "."))\" is not a valid identifier: \"\(found)\".", code: "BAD_USER_INPUT")
  }
}

extension JSON: GraphQLInput {
  package static func read(_ value: JSON?) throws(InputMismatch) -> JSON { value ?? .null }
}

extension JSONObject: GraphQLInput {
  package static func read(_ value: JSON?) throws(InputMismatch) -> JSONObject {
    guard let object = value?.object else { throw InputMismatch(JSONObject.self, value) }
    return object
  }
}

extension Optional: GraphQLInput where Wrapped: GraphQLInput {
  package static func read(_ value: JSON?) throws(InputMismatch) -> Wrapped? {
    guard let value, !value.isNull else { return nil }
    return try Wrapped.read(value)
  }
}

extension Array: GraphQLInput where Element: GraphQLInput {
  package static func read(_ value: JSON?) throws(InputMismatch) -> [Element] {
    guard let elements = value?.array else { throw InputMismatch([Element].self, value) }
    var result: [Element] = []
    result.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      do throws(InputMismatch) { result.append(try Element.read(element)) } catch {
        throw InputMismatch(expected: error.expected, found: error.found, path: ["\(index)"] + error.path)
      }
    }
    return result
  }
}

extension GraphQLInput where Self: RawRepresentable, RawValue == String {
  package static func read(_ value: JSON?) throws(InputMismatch) -> Self {
    guard let text = value?.string, let result = Self(rawValue: text) else { throw InputMismatch(Self.self, value) }
    return result
  }
}

/// An input object whose fields are read one by one.
package struct InputObject: GraphQLInput {
  package let fields: JSONObject

  package init(_ fields: JSONObject) { self.fields = fields }

  package static func read(_ value: JSON?) throws(InputMismatch) -> InputObject {
    InputObject(try JSONObject.read(value))
  }

  /// Reads a field; an optional type accepts null and a field that was not given.
  /// - Throws: ``GraphQLFault`` for a malformed identifier, ``InputMismatch`` when the SDL says otherwise.
  package func value<T: GraphQLInput>(_ name: String, as type: T.Type = T.self) throws -> T {
    do throws(InputMismatch) { return try T.read(fields[name]) } catch {
      throw InputMismatch(expected: error.expected, found: error.found, path: [name] + error.path).surfaced
    }
  }

  /// Whether the field was given, null included: what tells "leave it" from "clear it".
  package func has(_ name: String) -> Bool { fields[name] != nil }
}
