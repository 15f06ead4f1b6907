internal import GraphQL
internal import JSON

/// Makes a scenario of a file whose shape has been checked.
struct ScenarioDecoder {
  let report: FileReport
  let schema: Schema
  let actions: ActionFolder
  let flows: FlowLibrary
  let feeders: [Feeder]
  /// Of the files that this one draws on.
  let others: [FileReport]

  /// Reads a file of flows only, in which no actor can be called unknown.
  func decodeLibrary() {
    let steps = StepDecoder(
      report: report, schema: schema, actions: actions, table: OperationTable(), lost: LostSteps(), actors: nil,
      actorNames: [], sharedNames: [], flows: flows, feeders: [])
    FlowDecoder(steps: steps).decodeAll()
  }

  func decode(_ root: YAMLNode) -> Scenario {
    let file = report.source.file
    var scenario = Scenario(
      name: root["name"]?.scalar?.text ?? file, file: file, mark: report.source.mark(root), actions: actions.catalog)
    scenario.description = root["description"]?.scalar?.text
    scenario.tags = (root["tags"]?.elements ?? []).compactMap { $0.scalar?.text }
    if let timeout = root["timeout"]?.duration { scenario.timeout = timeout }
    scenario.server.presenceLease = root["server"]?["presenceLease"]?.duration
    scenario.server.leaseMark = root["server"]?["presenceLease"].map { report.source.mark($0) }
    scenario.server.heartbeat = root["server"]?["heartbeat"]?.duration
    scenario.organizations = organizations(root["world"]?["organizations"])
    scenario.actors = actors(root["actors"], scenario.organizations)
    scenario.feeders = feeders
    scenario.budget = BudgetReader(report: report).budget(root["budget"])
    scenario.schemaFile = root["schema"]?.scalar?.text
    for feeder in feeders where scenario.actors.contains(where: { $0.name == feeder.name }) {
      report.error(.duplicateName, at: feeder.mark, width: feeder.name.count, "'\(feeder.name)' is an actor already.")
    }
    let worldIsKnown = root["world"].map { $0["organizations"]?.entries != nil } ?? true
    let table = OperationTable()
    let lost = LostSteps()
    let steps = StepDecoder(
      report: report, schema: schema, actions: actions, table: table, lost: lost,
      actors: worldIsKnown
        ? Dictionary(scenario.actors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }) : nil,
      actorNames: scenario.actors.map(\.name),
      sharedNames: Set(homes(in: scenario.organizations).filter { $0.value.count > 1 }.keys),
      flows: flows, feeders: feeders)
    FlowDecoder(steps: steps).decodeAll()
    scenario.steps = steps.steps(root["steps"], in: .functional)
    let loads = LoadDecoder(report: report, steps: steps, organizations: scenario.organizations)
    scenario.load = root["load"].flatMap { loads.load($0) }
    scenario.thresholds = ThresholdDecoder(report: report, actions: actions, load: scenario.load)
      .thresholds(root["thresholds"])
    let names = Format.scenario.keys.map(\.name)
    let meant = (root.entries ?? []).compactMap { Suggestion.nearest(to: $0.key, among: names) }
    let isForeign = (root.entries ?? []).contains {
      ForeignWords.hint($0.key, in: .root) != nil && !names.contains($0.key)
    }
    if root["steps"] == nil, root["load"] == nil, !isForeign, !meant.contains("steps"), !meant.contains("load") {
      report.error(.missingKey, root, "A scenario needs 'steps' or a 'load'.")
    }
    if let node = root["thresholds"], root["load"] == nil {
      report.error(.conflictingKeys, node, "Thresholds judge a load, and there is no 'load' here.")
    }
    let checker = FlowChecker(report: report, schema: schema, scenario: scenario, table: table, lost: lost)
    checker.check()
    // Where there are mistakes, that something is unused may be for them.
    if !report.hasErrors, !others.contains(where: \.hasErrors) { checker.warnOfUnused(root["flows"]?.entries ?? []) }
    return scenario
  }

  // The world

  private func organizations(_ node: YAMLNode?) -> [OrganizationFixture] {
    (node?.entries ?? []).compactMap { entry in
      guard Names.isName(entry.key) else {
        report.error(.badName, entry.keyNode, "'\(entry.key)' is no name for an organization.")
        return nil
      }
      let list = entry.value.entries == nil ? entry.value : entry.value["users"]
      var users: [String] = []
      for element in list?.elements ?? [] {
        guard let name = element.scalar?.text, Names.isName(name) else { continue }
        if Names.builtIn.contains(name) {
          report.error(.reservedName, element, "'\(name)' means something already; name the user otherwise.")
        } else if users.contains(name) {
          report.error(.duplicateName, element, "'\(name)' stands twice.")
        } else {
          users.append(name)
        }
      }
      let wanted = min(entry.value["generate"]?.integer ?? 0, Format.generateLimit)
      let listed = Set(users)
      let generated = wanted > 0 ? (1...wanted).map(Self.generatedName).filter { !listed.contains($0) } : []
      return OrganizationFixture(
        name: entry.key, users: users + generated, generatedCount: generated.count,
        mark: report.source.mark(entry.keyNode))
    }
  }

  private static func generatedName(_ number: Int) -> String {
    let digits = String(number)
    return "user-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// The organizations of each listed user.
  private func homes(in organizations: [OrganizationFixture]) -> [String: [OrganizationFixture]] {
    var homes: [String: [OrganizationFixture]] = [:]
    for organization in organizations {
      for user in organization.users.dropLast(organization.generatedCount) {
        homes[user, default: []].append(organization)
      }
    }
    return homes
  }

  /// Every listed user whose name is theirs alone is an actor of that name; `actors` adds further ones.
  private func actors(_ node: YAMLNode?, _ organizations: [OrganizationFixture]) -> [Actor] {
    let homes = homes(in: organizations)
    var actors: [Actor] = []
    for organization in organizations {
      for user in organization.users.dropLast(organization.generatedCount) where homes[user]?.count == 1 {
        actors.append(Actor(name: user, user: user, organization: organization.name, mark: organization.mark))
      }
    }
    for entry in node?.entries ?? [] {
      guard let actor = actor(entry, homes, organizations) else { continue }
      if let index = actors.firstIndex(where: { $0.name == actor.name }) {
        guard actors[index].user == actor.user, actors[index].organization == actor.organization else {
          report.error(.duplicateName, entry.keyNode, "'\(actor.name)' is the actor of the user of that name already.")
          continue
        }
        actors[index] = actor
      } else {
        actors.append(actor)
      }
    }
    return actors
  }

  private func actor(
    _ entry: YAMLEntry, _ homes: [String: [OrganizationFixture]], _ organizations: [OrganizationFixture]
  ) -> Actor? {
    guard Names.isName(entry.key) else {
      report.error(.badName, entry.keyNode, "'\(entry.key)' is no name for an actor.")
      return nil
    }
    guard !Names.builtIn.contains(entry.key) else {
      report.error(.reservedName, entry.keyNode, "'\(entry.key)' means something already; name the actor otherwise.")
      return nil
    }
    guard let userNode = entry.value["user"], let user = userNode.scalar?.text else { return nil }
    let wanted = entry.value["organization"]
    if let wanted, let name = wanted.scalar?.text, !organizations.contains(where: { $0.name == name }) {
      report.unknownOrganization(wanted, name, organizations)
      return nil
    }
    let candidates = (homes[user] ?? []).filter { wanted == nil || $0.name == wanted?.scalar?.text }
    guard let home = candidates.first else {
      let hint = Suggestion.hint(for: user, among: homes.keys.sorted())
      report.error(.unknownUser, userNode, "There is no user '\(user)' in the world.\(hint)")
      return nil
    }
    guard candidates.count == 1 else {
      let list = candidates.map(\.name).joined(separator: ", ")
      report.error(.ambiguousUser, userNode, "'\(user)' is a user of \(list); say which by 'organization'.")
      return nil
    }
    return Actor(name: entry.key, user: user, organization: home.name, mark: report.source.mark(entry.keyNode))
  }
}

extension FileReport {
  func unknownOrganization(_ node: YAMLNode, _ name: String, _ organizations: [OrganizationFixture]) {
    let hint = Suggestion.hint(for: name, among: organizations.map(\.name))
    error(.unknownOrganization, node, "There is no organization '\(name)' in the world.\(hint)")
  }
}
