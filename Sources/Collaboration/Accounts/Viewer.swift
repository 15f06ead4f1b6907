internal import GraphQL
internal import World

/// Who asks: what every permission is judged by.
struct Viewer: Hashable, Sendable {
  let user: ID
  let organization: ID
  let session: ID
}

/// The viewer as a client sees themself.
struct ViewerProfile: Sendable {
  let viewer: Viewer
  let user: UserRecord
}

/// Who is calling, as transports carry it for us.
enum CallerIdentity: ServiceIdentity, Hashable {
  case anonymous
  /// Until the session's end.
  case viewer(Viewer, until: WallTime)
}
