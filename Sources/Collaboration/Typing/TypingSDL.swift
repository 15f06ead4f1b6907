/// The part of the schema that is about who is writing.
enum TypingSDL {
  static let text = #"""
    extend type Mutation {
      """
      The viewer is writing in the thread: until `expiresAt`, until they stop, send a message, or the socket that this came
      over ends. Clients call it again while it goes on. Several devices of a person are one.
      """
      typing(input: ThreadInput!): TypingPayload!
      "Ends what `typing` of this device began."
      stopTyping(input: ThreadInput!): TypingPayload!
    }

    type TypingPayload {
      "Null when the viewer is not writing."
      expiresAt: DateTime
      userErrors: [UserError!]!
    }

    enum TypingEventKind {
      "The first event of a subscription."
      SNAPSHOT
      STARTED
      STOPPED
    }

    type TypingEvent {
      kind: TypingEventKind!
      threadId: ID!
      "Who started or stopped; null in a snapshot."
      user: User
      "Everybody who is writing now, in the order in which they began. At most 50."
      typing: [User!]!
    }

    extend type Subscription {
      "Who is writing in the thread: first everybody at once, then every change."
      typingChanged(threadId: ID!): TypingEvent!
    }
    """#
}
