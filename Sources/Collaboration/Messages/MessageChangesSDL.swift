/// The part of the schema that is about what happens to messages after they were sent.
enum MessageChangesSDL {
  static let text = #"""
    extend type Message {
      "1 at first, one more with every edit."
      version: Int!
      editedAt: DateTime
      "A deleted message keeps its place, but has neither content nor mentions, history nor reactions."
      deletedAt: DateTime
      "What it said before, newest first. At most 50."
      history: [MessageEdit!]!
      "One group for each emoji, in the order of their first reaction."
      reactions: [ReactionGroup!]!
    }

    "What a message said until it was edited."
    type MessageEdit {
      version: Int!
      content: [ContentNode!]!
      text: String!
      replacedAt: DateTime!
    }

    type ReactionGroup {
      emoji: String!
      count: Int!
      "In the order of their reactions."
      users: [User!]!
    }

    extend type Mutation {
      "Replaces the content of a message of the viewer's. A mention that goes takes its notification back."
      editMessage(input: EditMessageInput!): ChangeMessagePayload!
      "Takes a message of the viewer's back (owners: anybody's), and with it the notifications that it caused."
      deleteMessage(input: DeleteMessageInput!): ChangeMessagePayload!
      "Does nothing when the viewer has reacted so already."
      addReaction(input: ReactionInput!): ChangeMessagePayload!
      removeReaction(input: ReactionInput!): ChangeMessagePayload!
    }

    input EditMessageInput {
      messageId: ID!
      "As for `sendMessage`."
      content: [ContentNodeInput!]!
      "The edit is refused with CONFLICT when the message is at another version."
      expectedVersion: Int
      "At most 128 characters, unique per person: a retry with the same key edits nothing again."
      idempotencyKey: String
    }

    input DeleteMessageInput {
      messageId: ID!
    }

    input ReactionInput {
      messageId: ID!
      "1 to 32 characters."
      emoji: String!
    }

    type ChangeMessagePayload {
      message: Message
      userErrors: [UserError!]!
    }

    enum ThreadEventKind {
      MESSAGE_ADDED
      MESSAGE_EDITED
      MESSAGE_DELETED
      REACTIONS_CHANGED
      RESOLVED
      REOPENED
    }

    type ThreadEvent {
      kind: ThreadEventKind!
      thread: Thread!
      "As it is now; null when it is about the thread."
      message: Message
    }

    extend type Subscription {
      """
      Everything that happens in the thread from now on, in one order, that of commits; with `after` also what happened
      since then.
      """
      threadChanged(threadId: ID!, after: String): ThreadEvent!
    }
    """#
}
