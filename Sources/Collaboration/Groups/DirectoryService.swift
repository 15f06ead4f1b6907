internal import Database
internal import JSON
internal import World

/// What an organization's own server tells of its people: who there is, in which groups, and who has gone.
enum DirectoryService {
  /// Most people of one request.
  static let userLimit = 500
  /// Most groups of one request.
  static let groupLimit = 100
  static let memberLimit = 1_000

  static func upsertUsers(_ input: JSON, _ context: RequestContext) async throws -> [UserRecord] {
    _ = try context.managedOrganization()
    let entries = try elements(input, "users", limit: userLimit)
    var errors: [UserError] = []
    let drafts = entries.enumerated().map { index, entry in
      var reader = InputReader(entry, path: ["input", "users", String(index)])
      let draft = (
        externalID: reader.text("externalId", limit: ClientToken.externalIDLimit),
        name: reader.text("name", limit: ClientToken.nameLimit),
        email: reader.optionalText("email", limit: ClientToken.emailLimit),
        role: reader["role"]?.string.flatMap(Role.init(rawValue:))
      )
      errors += reader.errors
      return draft
    }
    errors += duplicates(drafts.map(\.externalID), in: "users")
    guard errors.isEmpty else { throw Refusal(errors) }
    let (users, sessions) = try await context.manage("upsert users") { unit in
      let organization = unit.viewer.organization
      let before = try find(drafts.map(\.externalID), unit)
      var changed: [ID] = []
      for draft in drafts {
        guard let user = before[draft.externalID], let role = draft.role, role != user.role else { continue }
        changed.append(user.id)
        try unit.transaction.update(UserRecord.self, set: UserRecord.role.to(role), where: UserRecord.id == user.id)
      }
      let sessions = try endSessions(of: changed, &unit)
      for draft in drafts {
        try SessionService.put(
          UserRecord(
            id: unit.ids.next(), organization: organization, externalID: draft.externalID, name: draft.name,
            email: draft.email, createdAt: unit.now, role: draft.role ?? .member), unit.transaction)
      }
      let users = try find(drafts.map(\.externalID), unit)
      return (drafts.compactMap { users[$0.externalID] }, sessions)
    }
    for session in sessions { context.services.sockets.revoke(session: session) }
    return users
  }

  static func upsertGroups(_ input: JSON, _ context: RequestContext) async throws -> [GroupRecord] {
    _ = try context.managedOrganization()
    let entries = try elements(input, "groups", limit: groupLimit)
    var errors: [UserError] = []
    let drafts = entries.enumerated().map { index, entry in
      var reader = InputReader(entry, path: ["input", "groups", String(index)])
      let externalID = reader.text("externalId", limit: ClientToken.externalIDLimit)
      let name = reader.text("name", limit: ClientToken.nameLimit)
      let members = reader["members"]?.array?.compactMap(\.string)
      if let members, members.count > memberLimit {
        reader.fail(.tooLarge, "A group has at most \(memberLimit) members.", ["members"])
      }
      errors += reader.errors
      return (externalID: externalID, name: name, members: members)
    }
    errors += duplicates(drafts.map(\.externalID), in: "groups")
    guard errors.isEmpty else { throw Refusal(errors) }
    return try await context.manage("upsert groups") { unit in
      let organization = unit.viewer.organization
      let people = try find(drafts.flatMap { $0.members ?? [] }, unit)
      for (index, draft) in drafts.enumerated() {
        for member in draft.members ?? [] where people[member] == nil {
          throw Refusal(
            .notFound, "There is no user '\(member)'.", field: ["input", "groups", String(index), "members"])
        }
      }
      for draft in drafts {
        try unit.transaction.upsert(
          GroupRecord(
            id: unit.ids.next(), organization: organization, externalID: draft.externalID, name: draft.name,
            createdAt: unit.now),
          onConflict: (GroupRecord.organization, GroupRecord.externalID), set: GroupRecord.name.toInserted)
      }
      let isOurs = GroupRecord.organization == organization
      let stored = try unit.transaction.select(
        GroupRecord.where(isOurs && GroupRecord.externalID.isIn(drafts.map(\.externalID))))
      let groups = drafts.compactMap { draft in stored.first { $0.externalID == draft.externalID } }
      for (group, draft) in zip(groups, drafts) {
        guard let members = draft.members else { continue }
        try unit.transaction.delete(GroupMemberRecord.self, where: GroupMemberRecord.group == group.id)
        let ids = members.compactMap { people[$0]?.id }.distinct
        if !ids.isEmpty { try unit.transaction.insert(ids.map { GroupMemberRecord(group: group, user: $0) }) }
      }
      return groups
    }
  }

  /// Takes people out of the organization: their sessions end on every node, and with them their sockets; tokens signed
  /// before are not taken any more. What they wrote stays.
  /// - Returns: those who were there.
  static func removeUsers(_ input: JSON, _ context: RequestContext) async throws -> [UserRecord] {
    _ = try context.managedOrganization()
    let externalIDs = try elements(input, "externalIds", limit: userLimit).compactMap(\.string)
    let (users, sessions) = try await context.manage("remove users") { unit in
      let found = try find(externalIDs, unit)
      var users = externalIDs.compactMap { found[$0] }.filter { $0.removedAt == nil }
      let ids = users.map(\.id).distinct
      guard !ids.isEmpty else { return ([UserRecord](), [ID]()) }
      let sessions = try endSessions(of: ids, &unit)
      try unit.transaction.update(
        UserRecord.self, set: UserRecord.removedAt.to(unit.now), where: UserRecord.id.isIn(ids))
      try unit.transaction.update(
        ParticipantRecord.self, set: ParticipantRecord.isSubscribed.to(false),
        where: ParticipantRecord.user.isIn(ids))
      try unit.transaction.delete(
        ParticipantRecord.self,
        where: ParticipantRecord.user.isIn(ids)
          && .exists(ParticipantRecord.thread, in: ThreadRecord.id, where: ThreadRecord.isPrivate == true))
      try unit.transaction.delete(GroupMemberRecord.self, where: GroupMemberRecord.user.isIn(ids))
      for index in users.indices { users[index].removedAt = unit.now }
      return (users, sessions)
    }
    for session in sessions { context.services.sockets.revoke(session: session) }
    return users
  }

  /// - Returns: the sessions that were live.
  private static func endSessions(of users: [ID], _ unit: inout WorkUnit) throws -> [ID] {
    guard !users.isEmpty else { return [] }
    let isLive = SessionRecord.user.isIn(users) && SessionRecord.revokedAt.isNull
    let live = try unit.transaction.select(
      SessionRecord.where(isLive).order(by: SessionRecord.id.ascending).forUpdate)
    try unit.transaction.update(SessionRecord.self, set: SessionRecord.revokedAt.to(unit.now), where: isLive)
    for session in live { unit.publish(.sessionRevoked, on: .session(session.id), subject: session.id) }
    return live.map(\.id)
  }

  private static func elements(_ input: JSON, _ name: String, limit: Int) throws -> [JSON] {
    let elements = input[name]?.array ?? []
    guard (1...limit).contains(elements.count) else {
      throw Refusal(
        elements.isEmpty ? .invalid : .tooLarge, "'\(name)' must have 1 to \(limit) elements.",
        field: ["input", name])
    }
    return elements
  }

  private static func duplicates(_ externalIDs: [String], in list: String) -> [UserError] {
    var seen: Set<String> = []
    return externalIDs.enumerated().compactMap { index, id in
      seen.insert(id).inserted
        ? nil
        : UserError(
          code: .invalid, message: "'\(id)' is there twice.", field: ["input", list, String(index), "externalId"])
    }
  }

  private static func find(_ externalIDs: [String], _ unit: WorkUnit) throws -> [String: UserRecord] {
    guard !externalIDs.isEmpty else { return [:] }
    let isOurs = UserRecord.organization == unit.viewer.organization
    let users = try unit.transaction.select(UserRecord.where(isOurs && UserRecord.externalID.isIn(externalIDs)))
    return Dictionary(users.map { ($0.externalID, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
