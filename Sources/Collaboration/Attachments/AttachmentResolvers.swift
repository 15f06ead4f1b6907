internal import Cryptography
internal import Database
internal import GraphQL
internal import World

enum AttachmentResolvers {
  /// Most attachments of a request whose bytes are in its answer.
  static let dataLimit = 5

  static func bind(_ resolvers: ProductResolvers) {
    resolvers.object("Attachment", AttachmentRecord.self) { type in
      type.field("id") { $0.id }
      type.field("name") { $0.name }
      type.field("contentType") { $0.contentType }
      type.field("size") { $0.size }
      type.field("digest") { $0.digest }
      type.field("createdAt") { $0.createdAt }
      type.field("path") { "/attachments/\($0.id)" }
      type.batch("uploadedBy") { call in
        try await call.context.reader().require(UserRecord.self, ids: call.parents.map(\.uploader))
      }
      type.batch("data") { call async throws -> [String?] in
        guard call.parents.count <= dataLimit else {
          throw GraphQLFault("'data' is for at most \(dataLimit) attachments.", code: "BAD_USER_INPUT")
        }
        var texts: [String?] = []
        for attachment in call.parents {
          texts.append(try await call.context.services.attachments.content(of: attachment).map { base64($0) })
        }
        return texts
      }
    }
    resolvers.object("Message", MessageRecord.self) { type in
      type.batch("attachments") { call async throws -> [[AttachmentRecord]] in
        let ids = call.parents.filter { $0.deletedAt == nil }.map(\.id).distinct
        let found = try await call.context.reader().select(
          AttachmentRecord.where(AttachmentRecord.message.isIn(ids)).order(by: AttachmentRecord.id.ascending))
        let byMessage = Dictionary(grouping: found, by: \.message)
        return call.parents.map { byMessage[$0.id] ?? [] }
      }
    }
    resolvers.object("Annotation", AnnotationRecord.self) { type in
      type.batch("screenshot") { call async throws -> [AttachmentRecord?] in
        let found = try await call.context.reader().select(
          AttachmentRecord.where(AttachmentRecord.annotation.isIn(call.parents.map(\.id).distinct)))
        return call.parents.map { annotation in found.first { $0.annotation == annotation.id } }
      }
    }
    resolvers.object("CreateAttachmentPayload", Payload<AttachmentRecord>.self) { type in
      type.field("attachment") { $0.value }
      type.field("userErrors") { $0.errors }
    }
    resolvers.query { root in root.root("attachment") { call in try await call.find(AttachmentRecord.self) } }
    resolvers.mutation { root in
      root.root("createAttachment") { call in
        try await Payload(call.context) {
          try await call.context.services.attachments.create(try call.argument("input"), call.context)
        }
      }
    }
  }
}
