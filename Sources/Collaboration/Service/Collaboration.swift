// Collaboration: the product. Its schema, who may do what, what it stores and what it publishes; one folder per feature.
// Knows nothing of HTTP and sockets.

internal import Cryptography
package import Database
package import GraphQL
package import JSON
package import World

/// The collaboration server behind any transport, on one database.
package final class Collaboration: GraphQLService {
  /// What the schema is made of, feature by feature.
  package static let sources: [Source] = [
    Source(name: "accounts.graphqls", text: AccountsSDL.text),
    Source(name: "conversations.graphqls", text: ConversationsSDL.text),
    Source(name: "message-changes.graphqls", text: MessageChangesSDL.text),
    Source(name: "participants.graphqls", text: ParticipantsSDL.text),
    Source(name: "private-threads.graphqls", text: PrivateThreadsSDL.text),
    Source(name: "search.graphqls", text: SearchSDL.text),
    Source(name: "locations.graphqls", text: LocationsSDL.text),
    Source(name: "groups.graphqls", text: GroupsSDL.text),
    Source(name: "typing.graphqls", text: TypingSDL.text),
    Source(name: "previews.graphqls", text: PreviewsSDL.text),
    Source(name: "annotations.graphqls", text: AnnotationsSDL.text),
    Source(name: "annotation-states.graphqls", text: AnnotationStatesSDL.text),
    Source(name: "attachments.graphqls", text: AttachmentsSDL.text),
    Source(name: "presence.graphqls", text: PresenceSDL.text),
    Source(name: "notifications.graphqls", text: NotificationsSDL.text),
  ]

  /// The whole schema as one text.
  package static let sdl: String = sources.map(\.text).joined(separator: "\n\n") + "\n"

  private let settings: Settings
  let log: @Sendable (String) -> Void
  let services: Services
  private let engine: Engine<RequestContext>
  private let listening: [any Listening]
  private let timers: [Task<Void, Never>]
  private let delivering: Task<Void, Never>?
  let statements: StatementCounter
  private let build: String
  private let schemaHash: String

  /// Opens the product on a migrated database and starts its dispatcher; end it with ``stop()``.
  /// - Parameters:
  ///   - build: names the build in ``version``.
  ///   - secretBytes: a source of bytes that nobody can guess, for session tokens. Left out, they come from the world's
  ///     seed: right for tests and simulations, wrong for a server that strangers can reach.
  ///   - attachments: where the bytes of files are.
  ///   - webhook: where notifications are told outside.
  ///   - log: told of errors that clients see as "Internal error", and of events that cannot be read.
  /// - Throws: ``SchemaMismatch`` for a database at another step, `SchemaErrors` or `BindingErrors` or
  ///   ``RuleMismatch`` for mistakes of ours,
  ///   `DatabaseError`.
  package init(
    database: any Database, world: World, settings: Settings = Settings(), build: String,
    secretBytes: (@Sendable (_ count: Int) throws -> [UInt8])? = nil,
    attachments: any AttachmentStore = MemoryAttachmentStore(), webhook: Webhook? = nil,
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws {
    try await Self.checkSchema(of: database, world: world)
    let statements = StatementCounter(keepsNames: false)
    let database = CountingDatabase(database, counter: statements)
    let schema = try Schema.build(Self.sources)
    try FieldRules.check(schema)
    schemaHash = hexadecimal(sha256(Array(Self.sdl.utf8)))
    engine = try Engine(
      schema: schema, resolvers: Self.resolvers(),
      onInternalError: { error, field in log("internal error in \(field): \(error)") })
    let outbox = try await Outbox(database: database, world: world)
    let sockets = SocketTable(world: world)
    let typing = TypingService(world: world, lease: settings.typingLease)
    let hub = EventHub(
      world: world, source: outbox, startingAfter: try await outbox.head(),
      observe: { event in
        if event.kind == .sessionRevoked { sockets.revoke(session: event.subject) }
        if event.kind == .participantRemoved, let thread = event.topic.thread {
          typing.end(in: thread, user: event.subject)
        }
      },
      reportFailure: { error in log("events cannot be read: \(error)") })
    typing.connect(to: hub)
    let presence = PresenceService(
      world: world, hub: hub, lease: settings.presenceLease, pagesPerSocket: settings.pagesPerSocket,
      leaseEnded: { socket in
        // A peer that is silent for so long is gone or does not know that it is absent now: it must connect anew.
        sockets.close(socket, code: 1001, reason: "Presence lease expired")
      })
    let exchange = PresenceExchange(
      world: world, database: database, presence: presence, lease: settings.presenceLease,
      report: { error in log("presence cannot be shared: \(error)") })
    let sessions = SessionService(
      world: world, database: database, lifetime: settings.sessionLifetime, audience: settings.audience,
      secretBytes: secretBytes)
    services = Services(
      world: world, database: database, outbox: outbox, hub: hub, sockets: sockets, presence: presence,
      exchange: exchange, sessions: sessions, typing: typing,
      attachments: AttachmentService(store: attachments, world: world),
      webhooks: webhook.map { WebhookQueue(world: world, database: database, webhook: $0, log: log) })
    listening = try await [
      database.listen(Outbox.channel) { hub.wake() },
      database.listen(PresenceExchange.channel) { exchange.wake() },
    ]
    presence.announce { exchange.wake() }
    self.statements = statements
    self.build = build
    self.settings = settings
    self.log = log
    var timers: [Task<Void, Never>] = []
    if let interval = settings.housekeepingInterval {
      let housekeeping = Housekeeping(
        world: world, database: database, settings: settings, attachments: attachments)
      timers.append(
        world.spawn {
          await housekeeping.run(every: interval) { error in log("old events and keys cannot be deleted: \(error)") }
        })
    }
    self.timers = timers
    delivering = services.webhooks.flatMap { queue in
      webhook?.interval.map { interval in world.spawn { await queue.run(every: interval) } }
    }
    hub.start()
    // What was committed between reading the head and listening has waked nobody.
    hub.wake()
    // Who is there with other nodes is known before anybody asks.
    await exchange.settle()
  }

  /// Ends the dispatcher and the timers. The database stays open: it is the caller's.
  package func stop() async {
    for listening in listening { listening.cancel() }
    for timer in timers { timer.cancel() }
    // What the webhook has answered is still written down.
    delivering?.cancel()
    await delivering?.value
    services.presence.stop()
    services.typing.stop()
    await services.exchange.stop()
    services.presence.announce(by: nil)
    await services.hub.stop()
  }

  /// Deletes the events and idempotency keys whose time is over, as the timer of ``Settings/housekeepingInterval`` does.
  package func sweep() async throws {
    try await Housekeeping(
      world: world, database: database, settings: settings, attachments: services.attachments.store
    ).sweep()
  }

  private static func resolvers() -> Resolvers<RequestContext> {
    let resolvers = Resolvers<RequestContext>()
    AccountResolvers.bind(resolvers)
    ConversationResolvers.bind(resolvers)
    MessageChangeResolvers.bind(resolvers)
    ParticipantResolvers.bind(resolvers)
    PrivateThreadResolvers.bind(resolvers)
    SearchResolvers.bind(resolvers)
    LocationResolvers.bind(resolvers)
    GroupResolvers.bind(resolvers)
    AnnotationResolvers.bind(resolvers)
    AnnotationStateResolvers.bind(resolvers)
    AttachmentResolvers.bind(resolvers)
    TypingResolvers.bind(resolvers)
    PreviewResolvers.bind(resolvers)
    PresenceResolvers.bind(resolvers)
    NotificationResolvers.bind(resolvers)
    return resolvers
  }
}

extension Collaboration {
  var database: any Database { services.database }
  var world: World { services.world }

  private struct Prepared: PreparedService {
    let operation: PreparedOperation
    let cost: RequestCost
    var kind: OperationKind { operation.kind }
    var name: String? { operation.name }
  }

  package func authenticate(token: String?) async throws(AuthenticationFailure) -> any ServiceIdentity {
    guard let token else { return CallerIdentity.anonymous }
    // A session token is base64url; a dot is in tokens that servers sign.
    guard !token.contains(".") else { return try await services.sessions.authenticate(server: token) }
    return try await services.sessions.authenticate(token)
  }

  package func prepare(_ request: GraphQLRequest) -> Result<any PreparedService, GraphQLResult> {
    var cost = RequestCost(askedBy: request)
    if cost.timing { cost.began = world.clock.now }
    return engine.prepare(request).map { operation in
      if cost.timing { cost.prepared = world.clock.now }
      return Prepared(operation: operation, cost: cost)
    }
  }

  package func execute(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, from origin: RequestOrigin
  ) async -> GraphQLResult {
    guard let prepared = prepared as? Prepared, let identity = identity as? CallerIdentity else { return Self.foreign }
    if let socket = origin.socket { services.presence.socketAlive(socket) }
    let cost = prepared.cost
    let counter = StatementCounter(keepsNames: cost.statements)
    let began = cost.timing ? world.clock.now : cost.began
    let context = RequestContext(
      identity: identity, database: CountingDatabase(services.database, counter: counter), socket: origin.socket,
      services: services)
    var result = await engine.execute(prepared.operation, context: context)
    if cost.isAsked {
      result = cost.added(to: result, counter, executing: cost.timing ? world.clock.now - began : .zero)
    }
    result.statements = counter.count
    return result
  }

  package func subscribe(
    _ prepared: any PreparedService, as identity: any ServiceIdentity, socket: SocketID, subscriber: any Subscriber
  ) async -> SubscribeOutcome {
    guard let prepared = prepared as? Prepared, let identity = identity as? CallerIdentity else {
      return .refused(Self.foreign)
    }
    var context = RequestContext(
      identity: identity, database: services.database, socket: nil, services: services)
    let operation = prepared.operation
    let stream: EventStream
    switch await engine.subscribe(operation, context: context) {
    case .failure(let refusal): return .refused(refusal)
    case .success(let source):
      guard let source = source as? EventStream else { return .refused(Self.foreign) }
      stream = source
    }
    // Others of the group get what this one's context resolves, also when its session has ended and theirs have not; the
    // hub watches over each one's session.
    guard case .viewer(let viewer, let expiry) = identity else { return .refused(Self.foreign) }
    context.identity = .viewer(viewer.privy(to: stream.privateThread), until: WallTime(milliseconds: .max))
    let key = GroupKey(
      topic: stream.topic, plan: operation.planIdentity,
      variables: operation.canonicalVariables(exceptArgument: "after"),
      audience: operation.selects(FieldRules.personal) ? EventStream.audience(of: viewer) : stream.audience)
    let subscription = HubSubscription(
      key: key, subscriber: subscriber, expiry: expiry, user: viewer.user, kinds: stream.kinds,
      resume: stream.resume, recheck: stream.privateThread.map { AccessLost.check($0, viewer, services.database) }
    ) {
      [engine, context] event, extensions in
      var context = context
      if case .durable(let event) = event, let audience = event.audience {
        // Who was in the thread at the commit gets it, also when the first of them has been taken out since.
        context.identity = .viewer(viewer.privy(to: audience.thread), until: WallTime(milliseconds: .max))
      }
      let source: any Sendable =
        switch event {
        case .durable(let event): event
        case .presence(let event): event
        case .typing(let event): event
        case .preview(let preview): preview
        }
      let result = await context.services.hub.persistently { [context] in
        await engine.executeEvent(source, of: operation, context: context, extensions: extensions)
      }
      return SharedPayload(bytes: result.bytes)
    }
    if let page = stream.presencePage {
      await services.presence.attach(subscription, page: page)
    } else if let thread = stream.typingThread {
      await services.typing.attach(subscription, thread: thread)
    } else {
      await withCheckedContinuation { services.hub.attach(subscription, arrived: $0) }
    }
    guard subscription.isLive else {
      if let fault = subscription.refusal { return .refused(.refusal(fault)) }
      return .refused(.requestError("The server cannot take more subscriptions now.", code: "OVERLOADED"))
    }
    return .active(Handle(hub: services.hub, subscription: subscription))
  }

  private struct Handle: SubscriptionHandle {
    let hub: EventHub
    let subscription: HubSubscription
    func cancel() { hub.detach(subscription) }
  }

  package func socketOpened(_ id: SocketID, identity: any ServiceIdentity, control: any SocketControl) {
    services.presence.socketOpened(id)
    services.sockets.opened(id, identity: identity as? CallerIdentity ?? .anonymous, control: control)
  }

  package func socketAlive(_ id: SocketID) {
    services.presence.socketAlive(id)
    services.sockets.alive(id)
  }

  package func socketClosed(_ id: SocketID) {
    services.sockets.closed(id)
    services.typing.socketClosed(id)
    services.presence.socketClosed(id)
  }

  package func fence() async { await services.hub.fence() }

  package var health: ServiceHealth {
    get async {
      do {
        _ = try await services.database.read(Query("health", "SELECT 1 AS one"))
        return ServiceHealth(
          ready: true, details: ["database": "ok", "lastEvent": .int(services.hub.lastOffset)])
      } catch {
        return ServiceHealth(ready: false, details: ["database": .string("\(error.kind)")])
      }
    }
  }

  package var version: JSONObject {
    get async {
      let head = Self.migrations.last
      return [
        "build": .string(build), "schemaHash": .string(schemaHash),
        "migration": head.map { .string("\($0.number)-\($0.name)") } ?? .null,
      ]
    }
  }

  /// A value that another service made: the transport's mistake.
  private static let foreign = GraphQLResult.requestError("Internal error", code: "INTERNAL")
}
