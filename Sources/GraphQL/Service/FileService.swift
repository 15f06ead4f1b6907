/// A service that keeps files beside its API. A transport serves them at paths of its own, to the same callers.
package protocol FileService: GraphQLService {
  /// A file that the caller may have.
  func file(_ id: String, as identity: any ServiceIdentity) async -> FileAnswer

  /// Gives a file of the caller's its content. The same content again changes nothing.
  func fill(_ id: String, with content: [UInt8], as identity: any ServiceIdentity) async -> FileAnswer
}

package enum FileAnswer: Sendable {
  case content(bytes: [UInt8], name: String, contentType: String, digest: String)
  /// It is there now.
  case filled(digest: String)
  /// There is none for this caller, or it has no content yet.
  case missing
  case refused(Refusal, message: String)

  package enum Refusal: Sendable { case unauthenticated, conflict, tooLarge, invalid, unavailable, failed }
}
