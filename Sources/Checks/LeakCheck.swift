internal import History
internal import JSON
internal import World

/// "No leak across organizations": an identifier that the server showed to the members of one organization is never shown
/// to a member of another. An identifier is a string in the form of a UUID, whole, anywhere in the data of a response or
/// an event; the nil and the max UUID are constants that belong to nobody (RFC 9562, sections 5.9 and 5.10).
func noLeakAcrossOrganizations(_ trace: Trace) -> CheckResult {
  var result = CheckResult("no-leak-across-organizations")
  // Within a single organization there is nobody to leak to.
  guard trace.organizations.count > 1 else { return result }
  var owners: [ID: (organization: String, position: Int)] = [:]
  for (position, event) in trace.events.enumerated() {
    if case .login(let user, let organization) = event.what, let id = ID(user) {
      owners[id] = (organization, position)
    }
  }
  // Who made a thing owns it, wherever it was shown first.
  for operation in trace.operations where operation.isMutation {
    guard case .ok(let data) = operation.outcome, let position = operation.completed,
      let organization = trace.people[operation.actor]?.organization
    else { continue }
    data.forEachIdentifier { id in if owners[id] == nil { owners[id] = (organization, position) } }
  }
  for (position, event) in trace.events.enumerated() {
    let data: JSON
    switch event.what {
    case .ok(_, let response): data = response
    case .event(_, let payload, _): data = payload
    default: continue
    }
    guard let organization = trace.people[event.actor]?.organization else { continue }
    data.forEachIdentifier { id in
      result.examined += 1
      guard let owner = owners[id] else {
        owners[id] = (organization, position)
        return
      }
      if owner.organization != organization {
        result.add(
          "\(event.actor) of \(organization) was shown \(id), which belongs to \(owner.organization)",
          events: [owner.position, position].sorted())
      }
    }
  }
  return result
}

extension JSON {
  fileprivate func forEachIdentifier(_ body: (ID) -> Void) {
    switch self {
    case .string(let text):
      guard text.utf8.count == 36, let id = ID(text), !id.isConstant else { return }
      body(id)
    case .array(let elements): for element in elements { element.forEachIdentifier(body) }
    case .object(let object): for (_, value) in object.members { value.forEachIdentifier(body) }
    default: break
    }
  }
}

extension ID {
  fileprivate var isConstant: Bool { high == low && (high == 0 || high == .max) }
}
