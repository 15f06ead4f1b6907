internal import Scenario

/// The people of a recording: organizations with their users, and an actor for each session, and for each further socket
/// that a session has at the same time.
struct Cast {
  private struct Key: Hashable {
    let identity: Int
    let device: Int
  }

  private struct User {
    let name: String
    let organization: String
  }

  /// By the server's ids, what stands for them: `ada.id`.
  private(set) var references: [String: String] = [:]
  private(set) var actorNames: [String] = []
  private var organizations: [(name: String, users: [String])] = []
  private var actors: [Key: String] = [:]
  /// Actors that are not simply the user of their name.
  private var further: [(actor: String, user: User)] = []
  private var known: [String: User] = [:]
  /// What actors, and then captures, are called: none may be called as another.
  var names = NamePool(taken: Names.builtIn)
  private var count = 0

  /// - Parameter entries: those that are played.
  init(_ entries: [RecordedEntry], _ identities: [RecordedIdentity]) {
    // Whoever has no organization to be known by is with the others.
    let common = identities.lazy.compactMap(Self.organization).first ?? "organization"
    for entry in entries {
      let key = Key(identity: entry.identity, device: entry.device)
      guard actors[key] == nil else { continue }
      let identity = identities[entry.identity]
      let organization = Self.organization(identity) ?? common
      let person = identity.userID ?? identity.subject ?? "\(entry.identity)"
      add(key, identity, "\(organization)\n\(person)", organization)
    }
  }

  private static func organization(_ identity: RecordedIdentity) -> String? {
    NamePool.name(of: identity.organization ?? identity.organizationName)
  }

  private mutating func add(_ key: Key, _ identity: RecordedIdentity, _ person: String, _ organization: String) {
    let user = known[person] ?? addUser(identity.name ?? identity.subject, to: organization)
    let isFirst = known.updateValue(user, forKey: person) == nil
    let actor = isFirst ? user.name : names.take(user.name)
    if !isFirst { further.append((actor, user)) }
    if let id = identity.userID, references[id] == nil { references[id] = "\(actor).id" }
    actors[key] = actor
    actorNames.append(actor)
  }

  private mutating func addUser(_ name: String?, to organization: String) -> User {
    count += 1
    let user = User(name: names.take(NamePool.name(of: name) ?? "user-\(count)"), organization: organization)
    let index = organizations.firstIndex { $0.name == organization }
    if let index {
      organizations[index].users.append(user.name)
    } else {
      organizations.append((organization, [user.name]))
    }
    return user
  }

  /// Makes a user of somebody who was seen and never signed in.
  /// - Returns: what stands for their id.
  mutating func meet(id: String, name: String?) -> String {
    if let known = references[id] { return known }
    let user = addUser(name, to: organizations.first?.name ?? "organization")
    references[id] = "\(user.name).id"
    return "\(user.name).id"
  }

  func actor(_ entry: RecordedEntry) -> String {
    actors[Key(identity: entry.identity, device: entry.device)] ?? "nobody"
  }

  var lines: [String] {
    var lines = ["world:", "  organizations:"]
    lines += organizations.map { "    \($0.name): \(FlowText.list($0.users))" }
    if !further.isEmpty {
      lines.append("actors:")
      lines += further.map { "  \($0.actor): { user: \($0.user.name), organization: \($0.user.organization) }" }
    }
    return lines
  }
}
