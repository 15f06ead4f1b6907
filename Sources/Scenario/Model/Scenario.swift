// Scenario: a YAML file to a typed model, with every mistake found before anything runs.

/// A scenario, read and found free of mistakes: what exists at its start, who acts, what they do and what each must see.
package struct Scenario: Sendable {
  package var name: String
  package var description: String?
  package var tags: [String]
  /// The file it was read from, as the person named it.
  package var file: String
  package var mark: Mark
  /// The longest the functional steps may take, in the world's time.
  package var timeout: Duration
  package var server: ServerSettings
  package var organizations: [OrganizationFixture]
  package var actors: [Actor]
  package var feeders: [Feeder]
  package var steps: [Step]
  /// Of all steps together.
  package var budget: Budget?
  /// The file of the schema that it speaks, when that is not the product's.
  package var schemaFile: String?
  package var load: LoadModel?
  package var thresholds: [Threshold]
  /// The actions that its steps may name, with the delivery rules that its checks use.
  package var actions: ActionCatalog

  package init(name: String, file: String, mark: Mark, actions: ActionCatalog) {
    self.name = name
    self.file = file
    self.mark = mark
    self.actions = actions
    tags = []
    timeout = .seconds(30)
    server = ServerSettings()
    organizations = []
    actors = []
    feeders = []
    steps = []
    thresholds = []
  }
}

/// Settings of the server under test that a scenario may change; `nil` leaves the server's default.
package struct ServerSettings: Hashable, Sendable {
  /// How long a silent connection keeps its presences.
  package var presenceLease: Duration?
  /// Where that is said.
  package var leaseMark: Mark?
  /// How often clients send a heartbeat.
  package var heartbeat: Duration?

  package init() {}
}

/// An organization that exists before the first step, with its users.
package struct OrganizationFixture: Hashable, Sendable {
  package var name: String
  /// Those that the file lists, then the generated ones.
  package var users: [String]
  /// How many of the users, at the end, are generated: they are no actors, but a load's virtual users.
  package var generatedCount: Int
  package var mark: Mark

  package init(name: String, users: [String], generatedCount: Int = 0, mark: Mark) {
    self.name = name
    self.users = users
    self.generatedCount = generatedCount
    self.mark = mark
  }

  package var generatedUsers: ArraySlice<String> { users.suffix(generatedCount) }
}

/// Somebody who acts: one session and one socket of a user. Two actors may be the same user on two devices.
package struct Actor: Hashable, Sendable {
  package var name: String
  package var user: String
  package var organization: String
  package var mark: Mark

  package init(name: String, user: String, organization: String, mark: Mark) {
    self.name = name
    self.user = user
    self.organization = organization
    self.mark = mark
  }
}
