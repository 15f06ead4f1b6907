/// The format of `actions/rules.yaml`: what actions cause.
enum RulesFormat {
  static let rules = MappingShape(
    name: "the rules",
    keys: [
      KeyShape("deliveries", .list(.mapping(delivery)), "Which mutations are seen by which subscribers."),
      KeyShape("orders", .list(.mapping(order)), "Which events carry an ascending number."),
      KeyShape("presence", .mapping(presence), "How presence shows."),
    ])

  static let delivery = MappingShape(
    name: "a delivery",
    keys: [
      KeyShape("cause", .text, required: true, "The action that causes."),
      KeyShape("event", .text, required: true, "The subscription that shows it."),
      KeyShape("when", .dictionary(.text), "Variable of the subscription to a path in the cause's data or $variables."),
      KeyShape("recipients", .text, "Path in the cause's data to the ids of the users concerned."),
      KeyShape("except", .text, "Path in the cause's data to the ids of users who are not, though they are listed."),
      KeyShape("id", .mapping(identity), required: true, "What identifies the thing on both sides."),
    ])

  static let identity = MappingShape(
    name: "an identity",
    keys: [
      KeyShape("cause", .text, required: true, "Path in the cause's data."),
      KeyShape("event", .text, required: true, "Path in the event's data."),
    ])

  static let order = MappingShape(
    name: "an order",
    keys: [
      KeyShape("event", .text, required: true, "The subscription."),
      KeyShape("key", .text, required: true, "Path to what the order is within."),
      KeyShape("ascending", .text, required: true, "Path to the number."),
    ])

  static let presence = MappingShape(
    name: "the presence rule",
    keys: [
      KeyShape("enter", .mapping(move), required: true, "The action that enters a page."),
      KeyShape("leave", .mapping(move), required: true, "The action that leaves it."),
      KeyShape("event", .text, required: true, "The subscription that tells it."),
      KeyShape("page", .text, required: true, "The subscription's variable for the page."),
      KeyShape("kind", .mapping(kind), required: true, "How an event says what it is."),
      KeyShape("user", .text, required: true, "Path to the user's id of a change."),
      KeyShape("present", .mapping(present), required: true, "Those present, in a snapshot."),
    ])

  static let move = MappingShape(
    name: "a move",
    keys: [
      KeyShape("action", .text, required: true, "The action."),
      KeyShape("page", .text, required: true, "Path to the page's id in its data."),
    ])

  static let kind = MappingShape(
    name: "the kind of a change",
    keys: [
      KeyShape("path", .text, required: true, "Path to the kind."),
      KeyShape("snapshot", .text, required: true, "Its value for everybody who is there."),
      KeyShape("joined", .text, required: true, "Its value for who came."),
      KeyShape("left", .text, required: true, "Its value for who went."),
    ])

  static let present = MappingShape(
    name: "those present",
    keys: [
      KeyShape("list", .text, required: true, "Path to the list in the event."),
      KeyShape("user", .text, required: true, "Path to the user's id in an element."),
    ])
}
