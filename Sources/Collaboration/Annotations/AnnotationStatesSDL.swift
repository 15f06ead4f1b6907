/// The part of the schema that is about finding annotations again on pages that change.
enum AnnotationStatesSDL {
  static let text = #"""
    "Whether an annotation's place was found on the page, as whoever looked last has reported."
    enum AnnotationState {
      "It is where the annotation says."
      ANCHORED
      "It was found elsewhere: the annotation says where now."
      MOVED
      "It was not found. The annotation says where it was."
      ORPHANED
    }

    extend type Annotation {
      state: AnnotationState!
      "When it last changed; null while it never has."
      stateChangedAt: DateTime
      "What identified the element to the application, the surest first."
      elementIds: [String!]!
      "How much of the element was marked, to the right of `x`; null for a point."
      width: Float
      "The same, below `y`."
      height: Float
      "The text of the element just before `quotedText`."
      textBefore: String
      textAfter: String
      """
      Where it is on a page that consists of these elements, by the rules of docs/annotations.md. Changes nothing: report
      it with `reportAnnotation`. At most 500 elements with together 100,000 characters.
      """
      reanchored(elements: [PageElementInput!]! = []): Reanchoring!
    }

    "In document order. For the annotation's own selector, the element that it matches is given under it."
    input PageElementInput {
      "Matches the element and no other."
      selector: String!
      ids: [String!]! = []
      "Its text content."
      text: String! = ""
    }

    type Reanchoring {
      state: AnnotationState!
      "Of the element; null when there is none."
      selector: String
    }

    extend input CreateAnnotationInput {
      "At most 10 of at most 200 characters."
      elementIds: [String!]
      "0 to 1, and with `x` at most 1. Needs `height`."
      width: Float
      "0 to 1, and with `y` at most 1. Needs `width`."
      height: Float
      "At most 200 characters. Needs `quotedText`."
      textBefore: String
      "At most 200 characters. Needs `quotedText`."
      textAfter: String
    }

    extend type Mutation {
      "Tells everybody on the page where a client has found an annotation. What is known already changes nothing."
      reportAnnotation(input: ReportAnnotationInput!): ReportAnnotationPayload!
    }

    input ReportAnnotationInput {
      annotationId: ID!
      state: AnnotationState!
      "Where it is now: needed with MOVED, and only there."
      selector: String
      "With MOVED only; left out, as before."
      x: Float
      y: Float
      "The report is refused with CONFLICT when another one has changed the state from this one."
      expectedState: AnnotationState
    }

    type ReportAnnotationPayload {
      annotation: Annotation
      userErrors: [UserError!]!
    }

    extend type Subscription {
      "Every annotation of the page whose state or place changes from now on; with `after` also what changed since then."
      annotationChanged(pageId: ID!, after: String): Annotation!
    }
    """#
}
