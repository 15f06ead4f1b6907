// History: everything each client did and saw, append-only, and its file format `history.jsonl`.

package import JSON

/// One thing that a client did or saw. Together they are what the checks judge.
package struct HistoryEvent: Sendable, Hashable {
  /// Nanoseconds since the history began.
  package var time: Int64
  /// The actor or virtual user.
  package var actor: String
  package var what: What

  package init(time: Int64, actor: String, what: What) {
    self.time = time
    self.actor = actor
    self.what = what
  }

  /// After Jepsen: an operation has an invocation and a completion, which is ok, fail or unknown.
  package enum What: Sendable, Hashable {
    /// The actor has a session: who it is to the server.
    case login(user: String, organization: String)
    case connected
    /// The connection has ended; `initiated` when the client did it.
    case closed(code: UInt16, reason: String, initiated: Bool)
    /// From now on the client neither reads nor sends.
    case silenced
    /// `id` names the subscription within the history.
    case subscribe(id: Int, action: String, variables: JSON)
    /// The server has confirmed by a fence that the subscription is live.
    case subscribed(id: Int)
    /// The subscription has ended: by its client, by the server's `complete`, or with an error.
    case unsubscribed(id: Int, errors: JSON)
    /// `intended` is when the operation should have started, in nanoseconds like `time`; under an arrival rate earlier
    /// than `time` when the client was late.
    case invoke(id: Int, action: String, kind: String, variables: JSON, intended: Int64)
    case ok(id: Int, data: JSON)
    /// The server refused: it did not happen.
    case fail(id: Int, errors: JSON)
    /// Nobody can say whether it happened.
    case unknown(id: Int, reason: String)
    /// Something arrived on a subscription: `data` and `extensions` of its payload.
    case event(subscription: Int, data: JSON, extensions: JSON)
    /// Everything committed before `fence` was asked for has been delivered to this actor.
    case fence(name: String, asked: Int64)
    /// A scenario begins; what follows until the next is its history. `seed` is the number its world was derived from.
    case scenario(name: String, file: String, seed: UInt64)
    /// The harness begins a step: `file:line`.
    case step(mark: String, text: String)
  }
}
