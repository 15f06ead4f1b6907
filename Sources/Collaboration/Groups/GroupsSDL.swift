/// The part of the schema that is about groups, and about what an organization's own server manages.
enum GroupsSDL {
  static let text = #"""
    "People of the organization under one name; the organization's own server says who."
    type Group implements Node {
      id: ID!
      "The name by which the organization's own server knows it; unique in the organization."
      externalId: String!
      name: String!
      "In the order of their ids. At most 100 at a time."
      members(first: Int = 50, after: String): UserConnection!
    }

    type GroupConnection {
      edges: [GroupEdge!]!
      nodes: [Group!]!
      pageInfo: PageInfo!
    }

    type GroupEdge {
      cursor: String!
      node: Group!
    }

    extend type Organization {
      "Oldest first. At most 100 at a time."
      groups(first: Int = 50, after: String): GroupConnection!
    }

    extend type User {
      "When they were taken out of the organization; null while they belong to it."
      removedAt: DateTime
    }

    extend type Query {
      group(id: ID!): Group
    }

    extend type Mutation {
      """
      Makes users, or renews those of the same external ids. For the organization's own server: with a bearer token that
      it signs as it does client tokens, with the claims `org`, `scope` (`server`) and `exp` (at most an hour ahead).
      """
      upsertUsers(input: UpsertUsersInput!): ManageUsersPayload!
      "Takes users out of the organization: their sessions end at once. For the organization's own server."
      removeUsers(input: RemoveUsersInput!): ManageUsersPayload!
      "Makes groups, or renews those of the same external ids. For the organization's own server."
      upsertGroups(input: UpsertGroupsInput!): ManageGroupsPayload!
    }

    "1 to 500 users."
    input UpsertUsersInput {
      users: [UserInput!]!
    }

    input UserInput {
      externalId: String!
      name: String!
      email: String
      "Left out, nothing changes; new users are members. Sessions with another role end."
      role: Role
    }

    "1 to 500 external ids; one that nobody has is passed over."
    input RemoveUsersInput {
      externalIds: [String!]!
    }

    "1 to 100 groups."
    input UpsertGroupsInput {
      groups: [GroupInput!]!
    }

    input GroupInput {
      externalId: String!
      name: String!
      "External ids of users, at most 1,000: who is in the group from now on. Left out, nothing changes."
      members: [String!]
    }

    type ManageUsersPayload {
      "Those who were made, renewed or removed, in the order of the input."
      users: [User!]
      userErrors: [UserError!]!
    }

    type ManageGroupsPayload {
      groups: [Group!]
      userErrors: [UserError!]!
    }
    """#
}
