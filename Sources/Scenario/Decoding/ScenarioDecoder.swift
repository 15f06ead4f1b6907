internal import GraphQL
internal import JSON

/// Makes a scenario of a file whose shape has been checked.
struct ScenarioDecoder {
  let report: FileReport
  let schema: Schema
  let actions: ActionFolder
  let flows: FlowLibrary
  let feeders: [Feeder]

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
    if let timeout = duration(root["timeout"]) { scenario.timeout = timeout }
    scenario.server.presenceLease = duration(root["server"]?["presenceLease"])
    scenario.server.heartbeat = duration(root["server"]?["heartbeat"])
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
    scenario.load = root["load"].flatMap { load($0, steps, scenario) }
    scenario.thresholds = thresholds(root["thresholds"])
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
    FlowChecker(report: report, schema: schema, scenario: scenario, table: table, lost: lost).check()
    return scenario
  }

  private func duration(_ node: YAMLNode?) -> Duration? { node?.scalar.flatMap { Quantities.duration($0.text) } }

  private func integer(_ node: YAMLNode?) -> Int? { node?.scalar?.json.int.map(Int.init(clamping:)) }

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
      let wanted = min(integer(entry.value["generate"]) ?? 0, Format.generateLimit)
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
      unknownOrganization(wanted, name, organizations)
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

  private func unknownOrganization(_ node: YAMLNode, _ name: String, _ organizations: [OrganizationFixture]) {
    let hint = Suggestion.hint(for: name, among: organizations.map(\.name))
    report.error(.unknownOrganization, node, "There is no organization '\(name)' in the world.\(hint)")
  }

  // The load

  private func load(_ node: YAMLNode, _ steps: StepDecoder, _ scenario: Scenario) -> LoadModel? {
    guard node.entries != nil else { return nil }
    let setup = steps.steps(node["party"]?["setup"], in: .load)
    let start = steps.steps(node["start"], in: .load)
    let journey = steps.steps(node["journey"], in: .load)
    let users = integer(node["virtualUsers"])
    let organization = node["organization"].flatMap { place -> String? in
      guard let name = place.scalar?.text else { return nil }
      guard let home = scenario.organizations.first(where: { $0.name == name }) else {
        unknownOrganization(place, name, scenario.organizations)
        return nil
      }
      if let users, let node = node["virtualUsers"], users > home.generatedCount {
        report.error(
          .tooFewUsers, node,
          "\(users) virtual users need as many generated users, but '\(name)' generates \(home.generatedCount).")
      }
      return name
    }
    // What is missing has been reported, so this model never runs; its steps are to be checked all the same.
    var load = LoadModel(
      mark: report.source.mark(node), organization: organization ?? "", virtualUsers: users ?? 1,
      executor: executor(node) ?? .constantVUs(duration: .seconds(1)))
    load.partySetup = setup
    load.start = start
    load.journey = journey
    if let rate = node["connectRate"]?.scalar.flatMap({ Quantities.rate($0.text) }) { load.connectRate = rate }
    if let size = integer(node["party"]?["size"]) { load.partySize = size }
    if let stop = duration(node["gracefulStop"]) { load.gracefulStop = stop }
    return load
  }

  private func executor(_ node: YAMLNode) -> Executor? {
    guard let name = node["executor"]?.scalar?.text,
      let keys = Format.executors.first(where: { $0.name == name })
    else { return nil }
    for entry in node.entries ?? [] where Format.executorKeys.contains(entry.key) {
      guard !keys.required.contains(entry.key), !keys.optional.contains(entry.key) else { continue }
      let valid = (keys.required + keys.optional).map { "'\($0)'" }.joined(separator: ", ")
      report.error(.misplacedKey, entry.keyNode, "'\(entry.key)' does not belong to '\(name)', which takes \(valid).")
    }
    for key in keys.required where node[key] == nil {
      report.error(.missingKey, node["executor"] ?? node, "'\(name)' needs '\(key)'.")
    }
    switch name {
    case "shared-iterations":
      return integer(node["iterations"]).map {
        .sharedIterations(iterations: $0, maxDuration: duration(node["maxDuration"]) ?? .seconds(600))
      }
    case "constant-vus": return duration(node["duration"]).map { .constantVUs(duration: $0) }
    default:
      guard let rate = node["rate"]?.scalar.flatMap({ Quantities.rate($0.text) }) else { return nil }
      return duration(node["duration"]).map { .constantArrivalRate(rate: rate, duration: $0) }
    }
  }

  private func thresholds(_ node: YAMLNode?) -> [Threshold] {
    var thresholds: [Threshold] = []
    for entry in node?.entries ?? [] {
      guard let kind = Metrics.kind(of: entry.key) else {
        let hint = Suggestion.hint(for: entry.key, among: Metrics.kinds.map(\.name))
        report.error(.unknownMetric, entry.keyNode, "There is no metric '\(entry.key)'.\(hint)")
        continue
      }
      for element in entry.value.elements ?? [entry.value] {
        guard let text = element.scalar?.text, !text.isEmpty else { continue }
        do throws(ThresholdError) {
          thresholds.append(
            try Threshold.parse(text, metric: entry.key, kind: kind, mark: report.source.mark(element)))
        } catch {
          let mark = report.source.mark(line: 1, column: error.offset + 1, in: element)
          report.error(
            .badThreshold, at: mark, "\(error.message). A threshold is written as in p(95)<200 or rate<0.01.".tidied)
        }
      }
    }
    return thresholds
  }
}

extension String {
  /// Without a full stop after another mark that ends a sentence.
  fileprivate var tidied: String { replacing("?.", with: "?").replacing("..", with: ".") }
}
