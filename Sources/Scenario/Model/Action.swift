/// A GraphQL operation that steps can name, or that stands in a step itself.
package struct Operation: Hashable, Sendable {
  package enum Kind: String, Sendable { case query, mutation, subscription }

  /// The action's name, which is the operation's; `query`, `mutation` or `subscription` for one without.
  package var name: String
  package var kind: Kind
  /// The whole document, with the fragments that the operation uses.
  package var document: String
  /// The operation's name in its document.
  package var operationName: String?
  /// The names of its variables, in order.
  package var variables: [String]

  package init(name: String, kind: Kind, document: String, operationName: String?, variables: [String]) {
    self.name = name
    self.kind = kind
    self.document = document
    self.operationName = operationName
    self.variables = variables
  }
}

/// The actions of a folder, with the rules that say what they cause.
package struct ActionCatalog: Sendable {
  /// By name.
  package var operations: [String: Operation]
  package var deliveries: [DeliveryRule]
  package var orders: [StreamOrderRule]
  package var presence: PresenceRule?

  package init() {
    operations = [:]
    deliveries = []
    orders = []
  }
}

/// A mutation that succeeds is seen by every subscriber it concerns: the rule behind the check "delivered exactly once"
/// and the metric `delivery_latency`.
package struct DeliveryRule: Hashable, Sendable {
  /// The action that causes.
  package var cause: String
  /// The subscription action that shows it.
  package var event: String
  /// Subscription variable to a path in the cause's data or, with a leading `$`, in its variables: equal means concerned.
  /// Empty: every subscriber of `event` named by `recipients` is.
  package var when: [Pair]
  /// A path in the cause's data that lists the user ids of those concerned; `nil` means all subscribers that `when` lets
  /// through.
  package var recipients: [String]?
  /// A path in the cause's data to ids of users who are not concerned though `recipients` lists them: who mentions
  /// themselves is not notified.
  package var except: [String]?
  /// What identifies the thing in the cause's data…
  package var causeID: [String]
  /// …and in the event's.
  package var eventID: [String]

  package struct Pair: Hashable, Sendable {
    package var variable: String
    package var path: [String]
    package init(variable: String, path: [String]) {
      self.variable = variable
      self.path = path
    }
  }

  package init(
    cause: String, event: String, when: [Pair], recipients: [String]?, causeID: [String], eventID: [String]
  ) {
    self.cause = cause
    self.event = event
    self.when = when
    self.recipients = recipients
    self.causeID = causeID
    self.eventID = eventID
  }
}

/// Events of one subscription action with one key carry an ascending number.
package struct StreamOrderRule: Hashable, Sendable {
  package var event: String
  /// Path of the key (the thread) in the event's data.
  package var key: [String]
  /// Path of the number in the event's data.
  package var ascending: [String]

  package init(event: String, key: [String], ascending: [String]) {
    self.event = event
    self.key = key
    self.ascending = ascending
  }
}

/// How presence shows: which actions enter and leave, and how the subscription tells it.
package struct PresenceRule: Hashable, Sendable {
  package var enter: String
  package var leave: String
  package var event: String
  /// Path of the page's id in the data of `enter`.
  package var enteredPage: [String]
  /// Path of the page's id in the data of `leave`.
  package var leftPage: [String]
  /// The subscription's variable that holds the page's id.
  package var pageVariable: String
  /// Path of the kind of change in the event: the snapshot's, the joined's and the left's value.
  package var kind: [String]
  package var snapshotKind: String
  package var joinedKind: String
  package var leftKind: String
  /// Path of the user's id of a change, and of the list of present users in a snapshot with the id's path in an element.
  package var user: [String]
  package var snapshotList: [String]
  package var snapshotUser: [String]

  package init(
    enter: String, leave: String, event: String, enteredPage: [String], leftPage: [String], pageVariable: String,
    kind: [String], snapshotKind: String, joinedKind: String, leftKind: String, user: [String],
    snapshotList: [String], snapshotUser: [String]
  ) {
    self.enter = enter
    self.leave = leave
    self.event = event
    self.enteredPage = enteredPage
    self.leftPage = leftPage
    self.pageVariable = pageVariable
    self.kind = kind
    self.snapshotKind = snapshotKind
    self.joinedKind = joinedKind
    self.leftKind = leftKind
    self.user = user
    self.snapshotList = snapshotList
    self.snapshotUser = snapshotUser
  }
}
