internal import Database
internal import World

/// What the features share on this node.
final class Services: Sendable {
  let world: World
  let database: any Database
  let outbox: Outbox
  let hub: EventHub
  let sockets: SocketTable
  let presence: PresenceService
  let exchange: PresenceExchange
  let sessions: SessionService
  let typing: TypingService
  let attachments: AttachmentService
  let webhooks: WebhookQueue?

  init(
    world: World, database: any Database, outbox: Outbox, hub: EventHub, sockets: SocketTable,
    presence: PresenceService, exchange: PresenceExchange, sessions: SessionService, typing: TypingService,
    attachments: AttachmentService, webhooks: WebhookQueue?
  ) {
    self.world = world
    self.database = database
    self.outbox = outbox
    self.hub = hub
    self.sockets = sockets
    self.presence = presence
    self.exchange = exchange
    self.sessions = sessions
    self.typing = typing
    self.attachments = attachments
    self.webhooks = webhooks
  }
}
