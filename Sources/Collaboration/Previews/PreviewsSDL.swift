/// The part of the schema that is about messages before they are committed.
enum PreviewsSDL {
  static let text = #"""
    "When readers are shown a preview of a message."
    enum PreviewMoment {
      "They have it before the message is being stored."
      BEFORE
      "At the same time."
      CONCURRENTLY
      "When it has been stored, behind `messageAdded`."
      AFTER_COMMIT
    }

    extend input SendMessageInput {
      "Shows readers the message on `messagePreview` at this moment; left out, only when it has been stored, as a message."
      preview: PreviewMoment
    }

    enum MessagePreviewKind {
      "The message is being stored."
      PENDING
      "It has been."
      COMMITTED
      "It has not been, and will not be."
      RETRACTED
    }

    "What a message will be. Ephemeral: a client shows it until the message comes, it is taken back, or expires."
    type MessagePreview {
      kind: MessagePreviewKind!
      threadId: ID!
      "The id that the message has if it is stored."
      messageId: ID!
      author: User!
      text: String!
      expiresAt: DateTime!
    }

    extend type Subscription {
      "Previews of messages in the thread from now on; what is taken back comes after what it takes back."
      messagePreview(threadId: ID!): MessagePreview!
    }
    """#
}
