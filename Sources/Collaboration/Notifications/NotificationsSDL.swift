/// The part of the schema that is about what calls for the viewer's attention.
enum NotificationsSDL {
  static let text = #"""
    enum NotificationKind {
      "Somebody mentioned the viewer in a message."
      MENTION
      "Somebody wrote in a thread that the viewer is subscribed to."
      REPLY
      "Somebody reacted to a message of the viewer's; told once for a message."
      REACTION
      "Somebody resolved a thread that the viewer is subscribed to."
      THREAD_RESOLVED
      THREAD_REOPENED
    }

    type Notification implements Node {
      id: ID!
      kind: NotificationKind!
      "Who caused it."
      actor: User!
      "Null when the viewer may not see it any more."
      thread: Thread
      "Null when it is about the thread, or the viewer may not see it any more."
      message: Message
      createdAt: DateTime!
      "Null while unread."
      readAt: DateTime
      "When what it was about went away. Lists and counts leave it out."
      retractedAt: DateTime
    }

    type NotificationConnection {
      edges: [NotificationEdge!]!
      nodes: [Notification!]!
      pageInfo: PageInfo!
    }

    type NotificationEdge {
      cursor: String!
      node: Notification!
    }

    enum NotificationDelivery {
      "In the inbox, and through the webhook where the server has one."
      WEBHOOK
      "In the inbox alone."
      INBOX
      "Nothing is kept and nobody is told; what was there before stays."
      NONE
    }

    type NotificationPreference {
      kind: NotificationKind!
      delivery: NotificationDelivery!
    }

    input SetNotificationPreferenceInput {
      kind: NotificationKind!
      delivery: NotificationDelivery!
    }

    type SetNotificationPreferencePayload {
      preference: NotificationPreference
      userErrors: [UserError!]!
    }

    extend type Viewer {
      "One for each kind of notification; `WEBHOOK` where the viewer has said nothing."
      notificationPreferences: [NotificationPreference!]!
      "Newest first, of the time from `from` until before `until`. At most 100 at a time."
      notifications(
        first: Int = 20, after: String, unreadOnly: Boolean = false, from: DateTime, until: DateTime
      ): NotificationConnection!
      "At most 1,000: whoever has more is told so many."
      unreadNotificationCount: Int!
    }

    extend type Mutation {
      "Marks one of the viewer's notifications as read; one that is read already stays as it is."
      markNotificationRead(input: MarkNotificationReadInput!): MarkNotificationReadPayload!
      "What becomes of the viewer's notifications of a kind from now on."
      setNotificationPreference(input: SetNotificationPreferenceInput!): SetNotificationPreferencePayload!
      markAllNotificationsRead: MarkAllNotificationsReadPayload!
    }

    input MarkNotificationReadInput {
      notificationId: ID!
    }

    type MarkNotificationReadPayload {
      notification: Notification
      userErrors: [UserError!]!
    }

    type MarkAllNotificationsReadPayload {
      "How many were unread."
      count: Int!
      userErrors: [UserError!]!
    }

    extend type Subscription {
      """
      Every notification of the viewer from now on, of these kinds, in the order of commits; with `after` also what came
      since then. One that was taken back and is called for again comes again, with its id.
      """
      notificationReceived(after: String, kinds: [NotificationKind!]! = [MENTION]): Notification!
      "Every notification of the viewer that is taken back from now on, or since `after`."
      notificationRetracted(after: String): Notification!
    }
    """#
}
