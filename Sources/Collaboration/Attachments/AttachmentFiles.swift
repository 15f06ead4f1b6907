package import GraphQL
internal import World

/// The bytes of attachments by themselves, for HTTP.
extension Collaboration: FileService {
  package func file(_ id: String, as identity: any ServiceIdentity) async -> FileAnswer {
    await answer(as: identity) { context in
      let attachment = try await context.reader().find(AttachmentRecord.self, ID(id))
      guard let attachment, let digest = attachment.digest,
        let bytes = try await context.services.attachments.content(of: attachment)
      else { return .missing }
      return .content(bytes: bytes, name: attachment.name, contentType: attachment.contentType, digest: digest)
    }
  }

  package func fill(_ id: String, with content: [UInt8], as identity: any ServiceIdentity) async -> FileAnswer {
    await answer(as: identity) { context in
      _ = try context.viewer()
      guard !content.isEmpty else { return .refused(.invalid, message: "A file has at least one byte.") }
      guard content.count <= AttachmentService.sizeLimit else {
        return .refused(.tooLarge, message: AttachmentService.tooLarge)
      }
      let filled = try await context.services.attachments.fill(ID(id), with: content, field: [], context)
      return .filled(digest: filled.digest ?? "")
    }
  }

  private func answer(
    as identity: any ServiceIdentity, _ body: (RequestContext) async throws -> FileAnswer
  ) async -> FileAnswer {
    let context = RequestContext(
      identity: identity as? CallerIdentity ?? .anonymous, database: services.database, socket: nil,
      services: services)
    do { return try await body(context) } catch let refusal as Refusal {
      guard let error = refusal.errors.first else { return .missing }
      return error.code == .notFound ? .missing : .refused(.conflict, message: error.message)
    } catch let fault as GraphQLFault {
      switch fault.code {
      case "UNAUTHENTICATED": return .refused(.unauthenticated, message: fault.message)
      case "UNAVAILABLE": return .refused(.unavailable, message: fault.message)
      default: return .missing
      }
    } catch {
      log("internal error in attachments: \(error)")
      return .refused(.failed, message: "Internal error")
    }
  }
}
