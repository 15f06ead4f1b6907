/// The part of the schema that is about files.
enum AttachmentsSDL {
  static let text = #"""
    """
    A file. Until it is sent with a message or as a screenshot only who brought it may have it, for a day; then whoever may
    see the thread, until the message is deleted.
    """
    type Attachment implements Node {
      id: ID!
      name: String!
      contentType: String!
      "In bytes; null while they have not come."
      size: Int
      "SHA-256 of the bytes, in hexadecimal digits; null while they have not come."
      digest: String
      createdAt: DateTime!
      uploadedBy: User!
      "Where the bytes are: `GET`, and once `PUT`, with the same bearer token as the API."
      path: String!
      "The bytes in base64, null while they have not come. For at most 5 attachments of a request."
      data: String
    }

    extend type Message {
      "In the order in which they were brought. Deleted messages have none."
      attachments: [Attachment!]!
    }

    extend type Annotation {
      screenshot: Attachment
    }

    extend type Query {
      attachment(id: ID!): Attachment
    }

    extend type Mutation {
      "Makes a file that can then be sent; its bytes come with it, or by `PUT`."
      createAttachment(input: CreateAttachmentInput!): CreateAttachmentPayload!
    }

    input CreateAttachmentInput {
      "1 to 200 characters, no slashes."
      name: String!
      "`application/pdf`, `application/zip`, `image/gif`, `image/jpeg`, `image/png`, `image/webp`, `text/csv` or `text/plain`."
      contentType: String!
      "The bytes in base64, at most 1,000,000; left out, they are to come by `PUT`."
      data: String
      "At most 128 characters, unique per person: a retry with the same key returns the first one's result."
      idempotencyKey: String
    }

    type CreateAttachmentPayload {
      attachment: Attachment
      userErrors: [UserError!]!
    }

    extend input SendMessageInput {
      "Attachments of the viewer's that have content and have not been sent, at most 10."
      attachmentIds: [ID!]
    }

    extend input CreateAnnotationInput {
      "An attachment of the viewer's that is an image, has content and has not been sent."
      screenshotId: ID
    }
    """#
}
