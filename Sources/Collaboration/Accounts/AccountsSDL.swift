/// The part of the schema that is about who is who.
enum AccountsSDL {
  static let text = #"""
    "A moment as RFC 3339 text in UTC with milliseconds: `2026-11-24T07:08:25.123Z`."
    scalar DateTime @specifiedBy(url: "https://scalars.graphql.org/andimarek/date-time")

    "What has an id of its own."
    interface Node {
      id: ID!
    }

    "Where a connection's edges lie in the whole list."
    type PageInfo {
      hasNextPage: Boolean!
      hasPreviousPage: Boolean!
      startCursor: String
      endCursor: String
    }

    "Why a mutation did not do what it was asked. The mutation changed nothing."
    type UserError {
      code: UserErrorCode!
      "For people."
      message: String!
      "The way to the input at fault: `[\"input\", \"content\", \"1\"]`."
      field: [String!]
    }

    enum UserErrorCode {
      "There is no such thing, or it is not yours to know of."
      NOT_FOUND
      "The input lacks what it needs, or has too much of it."
      INVALID
      "Longer, larger or more than allowed."
      TOO_LARGE
      "You may see it, but not do this with it."
      FORBIDDEN
      "It was deleted."
      DELETED
      "It has changed in the meantime."
      CONFLICT
      "A mention of somebody who is not there for you."
      CANNOT_MENTION
      "The key was used before, by another mutation."
      IDEMPOTENCY_KEY_REUSED
      "Presence is bound to a socket, and this came over HTTP."
      PRESENCE_NEEDS_SOCKET
      "You are on too many pages with this socket."
      PRESENCE_LIMIT
      "The user was removed from the organization."
      ACCESS_LOST
      "The client token is not a compact JWS of a header and claims that can be read."
      TOKEN_MALFORMED
      "The client token is signed by another algorithm than its key's."
      TOKEN_ALGORITHM
      "The client token is not signed by a key of an organization of that slug."
      TOKEN_SIGNATURE
      "The client token lacks a claim, or has one of the wrong type."
      TOKEN_CLAIMS
      "The client token is meant for somebody else."
      TOKEN_AUDIENCE
      "The client token has a `jti` that has been used."
      TOKEN_REPLAYED
      "The client token's time is over."
      TOKEN_EXPIRED
      "The client token's time has not come."
      TOKEN_NOT_YET_VALID
    }

    "A customer, whose people see each other and nobody else."
    type Organization implements Node {
      id: ID!
      name: String!
      slug: String!
      "Everybody who belongs to the organization, in the order of their arrival. At most 100 at a time."
      users(first: Int = 50, after: String): UserConnection!
    }

    "What somebody may do in their organization."
    enum Role {
      "Everything that members may, and deleting what others wrote."
      OWNER
      MEMBER
      "Reads and writes in threads that are there, but begins none, and does not look through the organization."
      GUEST
    }

    type User implements Node {
      id: ID!
      "The name by which the organization's own server knows them; unique in the organization."
      externalId: String!
      name: String!
      email: String
      role: Role!
    }

    type UserConnection {
      edges: [UserEdge!]!
      nodes: [User!]!
      pageInfo: PageInfo!
    }

    type UserEdge {
      cursor: String!
      node: User!
    }

    "A login of the viewer."
    type Session implements Node {
      id: ID!
      createdAt: DateTime!
      expiresAt: DateTime!
      revokedAt: DateTime
      "Whether it is the one that asks."
      isCurrent: Boolean!
    }

    "Who asks, and what only they may see."
    type Viewer {
      id: ID!
      externalId: String!
      name: String!
      email: String
      "The viewer as everybody else sees them."
      user: User!
      organization: Organization!
      "The session that asks."
      session: Session!
      "The viewer's sessions that are neither revoked nor expired, newest first. At most 100."
      sessions: [Session!]!
    }

    type Query {
      "Who asks."
      viewer: Viewer!
      user(id: ID!): User
      """
      The cursor of the last event so far. A client that takes it before its snapshot can later resume a stream from
      which it has received nothing; events after it may be in the snapshot already.
      """
      eventCursor: String!
    }

    type Mutation {
      "Exchanges a client token, signed by the organization's server, for a session. Needs no session."
      createSession(input: CreateSessionInput!): CreateSessionPayload!
      """
      A new token for the session that asks, and more time, up to 30 days after it began. The old token is let in for
      another minute.
      """
      refreshSession: RefreshSessionPayload!
      "Ends one of the viewer's sessions and closes its sockets with 4403; the current one unless told otherwise."
      revokeSession(input: RevokeSessionInput): RevokeSessionPayload!
    }

    input CreateSessionInput {
      """
      A compact JWS: HS256 with the organization's secret, or HS256, RS256 or EdDSA with the key of its application that
      the header's `kid` names. Claims: `org` (the slug), `sub`, `name`, `exp`; optional `email`, `role` (of a new user), `aud`, `iat`, `nbf`,
      and `jti`, with which the token can be used once.
      """
      clientToken: String!
    }

    type CreateSessionPayload {
      "The bearer token. It is shown this once."
      token: String
      expiresAt: DateTime
      viewer: User
      session: Session
      userErrors: [UserError!]!
    }

    input RevokeSessionInput {
      "The session to end; left out, the current one."
      sessionId: ID
    }

    type RefreshSessionPayload {
      "The bearer token. It is shown this once."
      token: String
      session: Session
      userErrors: [UserError!]!
    }

    type RevokeSessionPayload {
      session: Session
      userErrors: [UserError!]!
    }
    """#
}
