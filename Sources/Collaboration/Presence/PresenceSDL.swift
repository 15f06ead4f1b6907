/// The part of the schema that is about who is where.
enum PresenceSDL {
  static let text = #"""
    "Somebody on a page, however many sockets they have there."
    type Presence {
      user: User!
      "The part of the page they entered last, with any of their devices."
      region: String
      since: DateTime!
    }

    enum PresenceEventKind {
      "The first event of a subscription: everybody who is there."
      SNAPSHOT
      JOINED
      "Still there, in another region."
      MOVED
      LEFT
    }

    type PresenceEvent {
      kind: PresenceEventKind!
      pageId: ID!
      "Who joined, moved or left; null in a snapshot."
      user: User
      "Where they are; null in a snapshot and for who left."
      region: String
      "Everybody who is there, in the order of their arrival; null unless it is a snapshot."
      present: [Presence!]
    }

    extend type Page {
      "Everybody who is there, in the order of their arrival; of one region only where it is given."
      presence(region: String): [Presence!]!
      "Who is there now, and after them who was there last. At most 100."
      visitors(first: Int! = 20): [Visitor!]!
    }

    "Somebody who is or was on a page."
    type Visitor {
      user: User!
      "When they were last there as far as is known; for who is there, now."
      lastSeenAt: DateTime!
      isPresent: Boolean!
    }

    extend type Mutation {
      "Makes the viewer present until they leave, this socket ends or it falls silent. Over a socket only."
      enterPage(input: EnterPageInput!): EnterPagePayload!
      "Ends what `enterPage` of this socket began; does nothing when there is nothing to end. Over a socket only."
      leavePage(input: LeavePageInput!): LeavePagePayload!
    }

    "Exactly one of `pageId` and `url`; a page of that URL is made when there is none."
    input EnterPageInput {
      pageId: ID
      url: String
      "At most 100 characters."
      region: String
      """
      The viewer is on one page at a time within this name: entering leaves every other page that they entered within it,
      whatever the device. At most 100 characters.
      """
      exclusiveWithin: String
    }

    type EnterPagePayload {
      page: Page
      userErrors: [UserError!]!
    }

    "Exactly one of `pageId` and `url`."
    input LeavePageInput {
      pageId: ID
      url: String
    }

    type LeavePagePayload {
      page: Page
      userErrors: [UserError!]!
    }

    extend type Subscription {
      "Who is on the page: first everybody at once, then every change."
      presenceChanged(pageId: ID!): PresenceEvent!
    }
    """#
}
