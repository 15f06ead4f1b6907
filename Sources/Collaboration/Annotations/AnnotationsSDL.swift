/// The part of the schema that is about places on pages.
enum AnnotationsSDL {
  static let text = #"""
    "A remark on a place of a page, with a thread of its own."
    type Annotation implements Node {
      id: ID!
      page: Page!
      thread: Thread!
      author: User!
      createdAt: DateTime!
      "A CSS selector of the element."
      selector: String!
      "Across the element: 0 is its left edge, 1 its right."
      x: Float!
      "Down the element: 0 is its upper edge, 1 its lower."
      y: Float!
      "The text that was highlighted."
      quotedText: String
      body: String!
    }

    type AnnotationConnection {
      edges: [AnnotationEdge!]!
      nodes: [Annotation!]!
      pageInfo: PageInfo!
    }

    type AnnotationEdge {
      cursor: String!
      node: Annotation!
    }

    extend type Page {
      "Oldest first. At most 100 at a time."
      annotations(first: Int = 20, after: String): AnnotationConnection!
    }

    extend type Query {
      annotation(id: ID!): Annotation
    }

    extend type Mutation {
      createAnnotation(input: CreateAnnotationInput!): CreateAnnotationPayload!
    }

    "Exactly one of `pageId` and `url`; a page of that URL is made when there is none."
    input CreateAnnotationInput {
      pageId: ID
      url: String
      "At most 1,000 characters."
      selector: String!
      "0 to 1."
      x: Float!
      "0 to 1."
      y: Float!
      "At most 2,000 characters."
      quotedText: String
      "1 to 10,000 characters."
      body: String!
      "At most 128 characters, unique per person: a retry with the same key returns the first one's result."
      idempotencyKey: String
    }

    type CreateAnnotationPayload {
      annotation: Annotation
      userErrors: [UserError!]!
    }

    extend type Subscription {
      "Every annotation of the page from now on, in the order of commits; with `after` also what came since then."
      annotationAdded(pageId: ID!, after: String): Annotation!
    }
    """#
}
