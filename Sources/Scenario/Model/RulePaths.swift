package import JSON

extension JSON {
  /// Every value at the end of `path`: a list on the way is flattened unless the segment is an index into it; what is
  /// absent or null gives none.
  package func values(along path: some Collection<String>) -> [JSON] {
    guard let segment = path.first else {
      switch self {
      case .null: return []
      case .array(let elements): return elements.flatMap { $0.values(along: path) }
      default: return [self]
      }
    }
    switch self {
    case .object(let object): return object[segment]?.values(along: path.dropFirst()) ?? []
    case .array(let elements):
      if let index = Int(segment) {
        return elements.indices.contains(index) ? elements[index].values(along: path.dropFirst()) : []
      }
      return elements.flatMap { $0.values(along: path) }
    default: return []
    }
  }
}

extension DeliveryRule {
  /// What identifies the thing that the cause made; `nil` when the response does not tell.
  package func identity(causedBy data: JSON, variables: JSON) -> JSON? {
    Self.values(at: causeID, data: data, variables: variables).first
  }

  /// The ids of the users whom the cause concerns; `nil` when `when` alone decides.
  package func recipientIDs(causedBy data: JSON, variables: JSON) -> Set<JSON>? {
    guard let recipients else { return nil }
    let listed = Set(Self.values(at: recipients, data: data, variables: variables))
    return except.map { listed.subtracting(Self.values(at: $0, data: data, variables: variables)) } ?? listed
  }

  /// What identifies the thing that an event shows; `nil` when it does not tell.
  package func identity(shownBy data: JSON) -> JSON? { data.values(along: eventID).first }

  /// The values at a path of the cause: in its variables when the path begins with `$`, in its data otherwise.
  package static func values(at path: [String], data: JSON, variables: JSON) -> [JSON] {
    guard let first = path.first, first.hasPrefix("$") else { return data.values(along: path) }
    return variables.values(along: [String(first.dropFirst())] + path.dropFirst())
  }
}
