/// The part of the schema that is about who takes part in threads.
enum ParticipantsSDL {
  static let text = #"""
    "Somebody who has written in a thread, read it or followed it."
    type Participant {
      user: User!
      "Whether they are told of every reply."
      isSubscribed: Boolean!
      "The sequence number up to which they have read."
      lastRead: Int!
      joinedAt: DateTime!
    }

    type ParticipantConnection {
      edges: [ParticipantEdge!]!
      nodes: [Participant!]!
      pageInfo: PageInfo!
    }

    type ParticipantEdge {
      cursor: String!
      node: Participant!
    }

    extend type Thread {
      "In the order of their ids. At most 100 at a time."
      participants(first: Int = 20, after: String): ParticipantConnection!
      "Null while it is open."
      resolvedAt: DateTime
      resolvedBy: User
      "Whether the viewer is told of every reply."
      isSubscribed: Boolean!
      "The sequence number up to which the viewer has read."
      lastRead: Int!
      "How many messages have come since the viewer last read or wrote; deleted ones count."
      unreadCount: Int!
    }

    extend type Viewer {
      "Unread messages in all threads that the viewer takes part in."
      unreadMessageCount: Int!
    }

    extend type Mutation {
      subscribeToThread(input: ThreadInput!): ChangeThreadPayload!
      unsubscribeFromThread(input: ThreadInput!): ChangeThreadPayload!
      "What was read stays read: an earlier sequence number changes nothing."
      markThreadRead(input: MarkThreadReadInput!): ChangeThreadPayload!
      resolveThread(input: ThreadInput!): ChangeThreadPayload!
      reopenThread(input: ThreadInput!): ChangeThreadPayload!
    }

    input ThreadInput {
      threadId: ID!
    }

    input MarkThreadReadInput {
      threadId: ID!
      "Up to and with this one; left out, everything."
      sequence: Int
    }

    type ChangeThreadPayload {
      thread: Thread
      userErrors: [UserError!]!
    }
    """#
}
