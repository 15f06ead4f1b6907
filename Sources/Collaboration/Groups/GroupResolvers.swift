internal import Database
internal import GraphQL
internal import World

enum GroupResolvers {
  static let groupLimit = 100
  static let memberLimit = 100

  static let groupsOfOrganization = Listing(
    parent: GroupRecord.organization, parentOf: { $0.organization }, key: GroupRecord.id, keyOf: { $0.id })
  static let membersOfGroup = Listing(
    parent: GroupMemberRecord.group, parentOf: { $0.group }, key: GroupMemberRecord.user, keyOf: { $0.user })

  static func bind(_ resolvers: ProductResolvers) {
    resolvers.object("Group", GroupRecord.self) { type in
      type.field("id") { $0.id }
      type.field("externalId") { $0.externalID }
      type.field("name") { $0.name }
      type.batch("members") { call in try await members(call) }
    }
    resolvers.connection("Group", GroupRecord.self)
    resolvers.object("Organization", OrganizationRecord.self) { type in
      type.batch("groups") { call in
        _ = try call.context.member()
        let request = try PageRequest<ID>(call, most: groupLimit, usual: 50)
        return try await groupsOfOrganization.connections(
          of: call.parents.map(\.id), request, by: try call.context.reader())
      }
    }
    resolvers.object("User", UserRecord.self) { type in type.field("removedAt") { $0.removedAt } }
    resolvers.object("ManageUsersPayload", Payload<[UserRecord]>.self) { type in
      type.field("users") { $0.value }
      type.field("userErrors") { $0.errors }
    }
    resolvers.object("ManageGroupsPayload", Payload<[GroupRecord]>.self) { type in
      type.field("groups") { $0.value }
      type.field("userErrors") { $0.errors }
    }
    resolvers.query { root in
      root.root("group") { call async throws -> GroupRecord? in
        _ = try call.context.member()
        return try await call.find(GroupRecord.self)
      }
    }
    resolvers.mutation { root in
      root.root("upsertUsers") { call in
        try await Payload { try await DirectoryService.upsertUsers(try call.argument("input"), call.context) }
      }
      root.root("removeUsers") { call in
        try await Payload { try await DirectoryService.removeUsers(try call.argument("input"), call.context) }
      }
      root.root("upsertGroups") { call in
        try await Payload { try await DirectoryService.upsertGroups(try call.argument("input"), call.context) }
      }
    }
  }

  private static func members(_ call: ProductCall<GroupRecord>) async throws -> [Connection<UserRecord>] {
    let request = try PageRequest<ID>(call, most: memberLimit, usual: 50)
    let reader = try call.context.directoryReader()
    let memberships = try await membersOfGroup.connections(of: call.parents.map(\.id), request, by: reader)
    let ids = memberships.flatMap { $0.edges.map(\.node.user) }
    var users = try await reader.require(UserRecord.self, ids: ids)[...]
    return memberships.map { list in
      let edges = list.edges.compactMap { edge in users.popFirst().map { Edge(cursor: edge.cursor, node: $0) } }
      return Connection(
        edges: edges, hasNextPage: list.hasNextPage, hasPreviousPage: list.hasPreviousPage)
    }
  }
}
