internal import Database
package import GraphQL
internal import World

extension Collaboration {
  package var metrics: [MetricFamily] {
    get async {
      let hub = services.hub
      let position = hub.lastOffset
      var families = [
        MetricFamily(
          "rehearsal_sql_statements_total", .counter, "Statements given to the database.", statements.count),
        MetricFamily(
          "rehearsal_sql_transactions_total", .counter, "Transactions begun in the database.", statements.transactions),
        MetricFamily(
          "rehearsal_events_published_total", .counter, "Events that came to this node's hub to be handed out.",
          hub.publishedCount),
        MetricFamily(
          "rehearsal_hub_queue_items", .gauge, "What waits for this node's hub: events, arrivals, departures, fences.",
          hub.waitingCount),
        MetricFamily(
          "rehearsal_hub_offset", .gauge, "The offset of the last event of the outbox that this node has handed out.",
          Int(position)),
      ]
      if let totals = services.webhooks?.totals {
        let samples = [("delivered", totals.delivered), ("failed", totals.failed), ("dead", totals.dead)]
        families.append(
          MetricFamily(
            "rehearsal_webhook_attempts_total", .counter, "Attempts to tell the webhook of a notification, by outcome.",
            samples.map { MetricFamily.Sample(labels: [("outcome", $0.0)], Double($0.1)) }))
      }
      // A database that does not answer is told of by /health/ready; the rest is worth having nevertheless.
      if let head = try? await services.outbox.head() {
        families.append(
          MetricFamily(
            "rehearsal_hub_lag_offsets", .gauge, "How far this node's hub is behind the end of the outbox, in offsets.",
            max(0, Int(head) - Int(position))))
      }
      return families
    }
  }
}

extension CallerIdentity {
  package var ids: CallerIDs {
    switch self {
    case .anonymous: CallerIDs()
    case .viewer(let viewer, _):
      CallerIDs(
        user: viewer.user.description, organization: viewer.organization.description,
        session: viewer.session.description)
    case .server(let organization):
      CallerIDs(organization: organization.description, session: "server of \(organization)")
    }
  }
}
