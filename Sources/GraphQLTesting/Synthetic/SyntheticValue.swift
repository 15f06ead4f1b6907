internal import GraphQL
internal import JSON

/// An object of any type of a schema; its fields follow from its seed.
package struct SyntheticObject: Sendable {
  let typeName: String
  let seed: Seed
}

/// A Swift type that can stand for some output type, and how its values are invented.
protocol SyntheticValue: Sendable {
  static func invent(_ type: TypeRef, _ seed: Seed, _ schema: Schema) -> Self
}

extension String: SyntheticValue {
  /// Rarely a value that an enum does not have.
  static func invent(_ type: TypeRef, _ seed: Seed, _ schema: Schema) -> String {
    if case .enumeration(let enumeration)? = schema.type(of: type) {
      if seed.choice(40, for: "wrong") == 0 { return "PHANTOM" }
      return enumeration.values[seed.choice(enumeration.values.count, for: "value")].name
    }
    let texts = ["", "plain", "quoted \" and \\", "two\nlines", "ü€😀", "null"]
    return "\(texts[seed.choice(texts.count, for: "text")])\(seed.choice(1000, for: "number"))"
  }
}

extension Int: SyntheticValue {
  /// Rarely a value that `Int` does not have.
  static func invent(_ type: TypeRef, _ seed: Seed, _ schema: Schema) -> Int {
    seed.choice(40, for: "wrong") == 0 ? 1 << 31 : seed.choice(2000, for: "number") - 1000
  }
}

extension Double: SyntheticValue {
  static func invent(_ type: TypeRef, _ seed: Seed, _ schema: Schema) -> Double {
    Double(seed.choice(2000, for: "number") - 1000) / 8
  }
}

extension Bool: SyntheticValue {
  static func invent(_ type: TypeRef, _ seed: Seed, _ schema: Schema) -> Bool { seed.choice(2, for: "bool") == 0 }
}

extension JSON: SyntheticValue {
  static func invent(_ type: TypeRef, _ seed: Seed, _ schema: Schema) -> JSON {
    switch seed.choice(3, for: "kind") {
    case 0: .string("text")
    case 1: .int(Int64(seed.choice(1000, for: "number")))
    default: ["list": [1, true, nil], "text": "ü"]
    }
  }
}

extension SyntheticObject: SyntheticValue {
  static func invent(_ type: TypeRef, _ seed: Seed, _ schema: Schema) -> SyntheticObject {
    guard let named = schema.type(of: type) else { return SyntheticObject(typeName: type.name, seed: seed) }
    let possible = schema.possibleTypes(of: named).sorted()
    guard !possible.isEmpty else { return SyntheticObject(typeName: type.name, seed: seed) }
    return SyntheticObject(typeName: possible[seed.choice(possible.count, for: "type")], seed: seed)
  }
}

/// A root again, as in a mutation's payload with a field `query: Query`.
extension Root: SyntheticValue {
  static func invent(_ type: TypeRef, _ seed: Seed, _ schema: Schema) -> Root { Root() }
}

extension Optional: SyntheticValue where Wrapped: SyntheticValue {
  static func invent(_ type: TypeRef, _ seed: Seed, _ schema: Schema) -> Wrapped? {
    seed.choice(8, for: "null") == 0 ? nil : Wrapped.invent(type, seed, schema)
  }
}

extension Array: SyntheticValue where Element: SyntheticValue {
  static func invent(_ type: TypeRef, _ seed: Seed, _ schema: Schema) -> [Element] {
    guard case .list(let element) = type.nullable else { return [] }
    return (0..<seed.choice(4, for: "count")).map { Element.invent(element, seed.item($0), schema) }
  }
}

/// The Swift type that stands for an output type.
func swiftType(of type: TypeRef, in schema: Schema) -> any SyntheticValue.Type {
  switch type {
  case .nonNull(let inner): nullableType(of: inner, in: schema)
  default: optional(nullableType(of: type, in: schema))
  }
}

private func nullableType(of type: TypeRef, in schema: Schema) -> any SyntheticValue.Type {
  if case .list(let element) = type { return array(swiftType(of: element, in: schema)) }
  switch (type.name, schema.type(of: type)) {
  case ("Int", _): return Int.self
  case ("Float", _): return Double.self
  case ("Boolean", _): return Bool.self
  case ("String", _), ("ID", _), (_, .enumeration?): return String.self
  case (_, .scalar?): return JSON.self
  case (schema.queryType.name, _): return Root.self
  default: return SyntheticObject.self
  }
}

private func optional<T: SyntheticValue>(_: T.Type) -> any SyntheticValue.Type { T?.self }
private func array<T: SyntheticValue>(_: T.Type) -> any SyntheticValue.Type { [T].self }
