/// The part of the schema that is about pages, threads and messages.
enum ConversationsSDL {
  static let text = #"""
    "A page of the customer's application, known by its URL within the organization."
    type Page implements Node {
      id: ID!
      url: String!
      title: String
      createdAt: DateTime!
      "Oldest first, of the time from `from` until before `until`. At most 100 at a time."
      threads(first: Int = 20, after: String, from: DateTime, until: DateTime): ThreadConnection!
    }

    "A conversation on a page."
    type Thread implements Node {
      id: ID!
      page: Page!
      title: String
      createdBy: User!
      createdAt: DateTime!
      messageCount: Int!
      """
      By sequence number: `first` with `after`, or `last` with `before`; of the time from `from` until before `until`. At
      most 200 at a time, 50 by default.
      """
      messages(
        first: Int, after: String, last: Int, before: String, from: DateTime, until: DateTime
      ): MessageConnection!
    }

    type ThreadConnection {
      edges: [ThreadEdge!]!
      nodes: [Thread!]!
      pageInfo: PageInfo!
    }

    type ThreadEdge {
      cursor: String!
      node: Thread!
    }

    type Message implements Node {
      id: ID!
      thread: Thread!
      "1 for the thread's first message, and so on without a gap, in the order of commits."
      sequence: Int!
      author: User!
      createdAt: DateTime!
      content: [ContentNode!]!
      "The content as plain text; a mention reads `@Name`."
      text: String!
      "Everybody who is mentioned, once each, in the order of their first mention."
      mentions: [User!]!
    }

    type MessageConnection {
      edges: [MessageEdge!]!
      nodes: [Message!]!
      pageInfo: PageInfo!
    }

    type MessageEdge {
      cursor: String!
      node: Message!
    }

    "A piece of a message."
    interface ContentNode {
      "The piece as plain text."
      text: String!
    }

    type TextNode implements ContentNode {
      text: String!
    }

    type MentionNode implements ContentNode {
      text: String!
      user: User!
    }

    type LinkNode implements ContentNode {
      text: String!
      url: String!
    }

    type CodeNode implements ContentNode {
      text: String!
      code: String!
      language: String
    }

    extend type Query {
      "The page of that id or URL: exactly one of the two."
      page(id: ID, url: String): Page
      thread(id: ID!): Thread
      message(id: ID!): Message
    }

    extend type Mutation {
      "The page of that URL, made when there is none. A title replaces the one before."
      ensurePage(input: EnsurePageInput!): EnsurePagePayload!
      createThread(input: CreateThreadInput!): CreateThreadPayload!
      sendMessage(input: SendMessageInput!): SendMessagePayload!
    }

    input EnsurePageInput {
      "Absolute, `http` or `https`, at most 2,000 bytes."
      url: String!
      "At most 200 characters."
      title: String
    }

    type EnsurePagePayload {
      page: Page
      userErrors: [UserError!]!
    }

    "Exactly one of `pageId` and `url`; a page of that URL is made when there is none."
    input CreateThreadInput {
      pageId: ID
      url: String
      "At most 200 characters."
      title: String
      "The first message; left out, the thread starts empty."
      content: [ContentNodeInput!]
      "Whether the viewer wants to be told of replies."
      subscribe: Boolean = false
      "At most 128 characters, unique per person: a retry with the same key returns the first one's result."
      idempotencyKey: String
    }

    type CreateThreadPayload {
      thread: Thread
      "The first message, when there was content."
      message: Message
      userErrors: [UserError!]!
    }

    input SendMessageInput {
      threadId: ID!
      "1 to 200 nodes, together at most 20,000 characters."
      content: [ContentNodeInput!]!
      "Whether the viewer wants to be told of replies from now on."
      subscribe: Boolean = false
      "At most 128 characters, unique per person: a retry with the same key returns the first one's result."
      idempotencyKey: String
    }

    type SendMessagePayload {
      message: Message
      userErrors: [UserError!]!
    }

    input ContentNodeInput @oneOf {
      text: String
      "A user's id."
      mention: ID
      link: LinkInput
      code: CodeInput
    }

    input LinkInput {
      "Absolute, `http`, `https` or `mailto`, at most 2,000 bytes."
      url: String!
      text: String
    }

    input CodeInput {
      code: String!
      "At most 40 characters."
      language: String
    }

    type Subscription {
      """
      Every message of the thread from now on, in the order of commits; with `after`, the cursor of an event, also what
      came since then.
      """
      messageAdded(threadId: ID!, after: String): Message!
    }
    """#
}
