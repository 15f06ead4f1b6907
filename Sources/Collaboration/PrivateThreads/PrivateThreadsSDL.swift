/// The part of the schema that is about threads that only some may see.
enum PrivateThreadsSDL {
  static let text = #"""
    extend type Thread {
      "Whether only its participants may see it and what is in it."
      isPrivate: Boolean!
    }

    extend input CreateThreadInput {
      "Only the viewer and `participants` may see the thread. It stays so."
      isPrivate: Boolean = false
      "With `isPrivate` only: the ids of those who may see it besides the viewer, at most 99."
      participants: [ID!]
    }

    extend input CreateAnnotationInput {
      "Only the viewer and `participants` may see the annotation and its thread. It stays so."
      isPrivate: Boolean = false
      "With `isPrivate` only: the ids of those who may see it besides the viewer, at most 99."
      participants: [ID!]
    }

    extend enum NotificationKind {
      "Somebody let the viewer see a private thread."
      THREAD_ADDED
    }

    extend enum ThreadEventKind {
      "Of a private thread: it has one more participant."
      PARTICIPANT_ADDED
      "Of a private thread: who was removed does not get this; their subscriptions to it end with ACCESS_LOST."
      PARTICIPANT_REMOVED
    }

    extend type ThreadEvent {
      "Who was added or removed; null for other kinds."
      participant: User
    }

    extend type Mutation {
      """
      Lets people see a private thread of the viewer's; they are told of every reply until they unsubscribe. Does nothing
      for those who are in it already.
      """
      addParticipants(input: ParticipantsInput!): ChangeThreadPayload!
      """
      Takes people out of a private thread of the viewer's, or the viewer themself. What they have subscribed to of it ends
      at once with an error of code ACCESS_LOST, and their notifications about it are taken back. The last one stays.
      """
      removeParticipants(input: ParticipantsInput!): ChangeThreadPayload!
    }

    "1 to 99 users."
    input ParticipantsInput {
      threadId: ID!
      userIds: [ID!]!
    }
    """#
}
