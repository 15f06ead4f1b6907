/// The part of the schema that is about what calls for the viewer's attention.
enum NotificationsSDL {
  static let text = #"""
    enum NotificationKind {
      "Somebody mentioned the viewer in a message."
      MENTION
    }

    type Notification implements Node {
      id: ID!
      kind: NotificationKind!
      "Who caused it."
      actor: User!
      message: Message!
      createdAt: DateTime!
      "Null while unread."
      readAt: DateTime
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

    extend type Viewer {
      "Newest first. At most 100 at a time."
      notifications(first: Int = 20, after: String, unreadOnly: Boolean = false): NotificationConnection!
      unreadNotificationCount: Int!
    }

    extend type Mutation {
      "Marks one of the viewer's notifications as read; one that is read already stays as it is."
      markNotificationRead(input: MarkNotificationReadInput!): MarkNotificationReadPayload!
    }

    input MarkNotificationReadInput {
      notificationId: ID!
    }

    type MarkNotificationReadPayload {
      notification: Notification
      userErrors: [UserError!]!
    }

    extend type Subscription {
      "Every notification of the viewer from now on, in the order of commits; with `after` also what came since then."
      notificationReceived(after: String): Notification!
    }
    """#
}
