internal import GraphQL
internal import World

/// Who asks: what every permission is judged by.
struct Viewer: Hashable, Sendable {
  let user: ID
  let organization: ID
  let session: ID
  var role = Role.member
  /// A private thread that may be read whoever is in it: that of an event which goes to those who were.
  var privy: ID?

  /// The same, for what goes to everybody in a private thread.
  func privy(to thread: ID?) -> Viewer {
    var copy = self
    copy.privy = thread
    return copy
  }

  /// Stands for an organization's own server where rows of the organization are managed: nobody's own are among them.
  static func server(of organization: ID) -> Viewer {
    let nobody = ID(high: 0, low: 0)
    return Viewer(user: nobody, organization: organization, session: nobody)
  }
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
  /// An organization's own server.
  case server(of: ID)
}
