/// Makes a load model of a node whose shape has been checked. What is missing has been reported then, so the model never
/// runs; its steps are to be checked all the same.
struct LoadDecoder {
  let report: FileReport
  let steps: StepDecoder
  let organizations: [OrganizationFixture]

  func load(_ node: YAMLNode) -> LoadModel? {
    guard node.entries != nil else { return nil }
    let setup = steps.steps(node["party"]?["setup"], in: .load)
    let start = steps.steps(node["start"], in: .load)
    let journeys = journeys(node)
    let profiles = profiles(node, journeys)
    let users = profiles.reduce(0) { $0 + $1.virtualUsers }
    var load = LoadModel(
      mark: report.source.mark(node), organization: organization(node, users: users) ?? "", profiles: profiles)
    load.partySetup = setup
    load.start = start
    if let rate = node["connectRate"]?.rate { load.connectRate = rate }
    if let size = node["party"]?["size"]?.integer { load.partySize = size }
    if let warmUp = node["warmUp"]?.duration { load.warmUp = warmUp }
    if let stop = node["gracefulStop"]?.duration { load.gracefulStop = stop }
    return load
  }

  private func organization(_ node: YAMLNode, users: Int) -> String? {
    guard let place = node["organization"], let name = place.scalar?.text else { return nil }
    guard let home = organizations.first(where: { $0.name == name }) else {
      report.unknownOrganization(place, name, organizations)
      return nil
    }
    if users > home.generatedCount, let place = node["virtualUsers"] ?? node["profiles"] {
      report.error(
        .tooFewUsers, place,
        "\(users) virtual users need as many generated users, but '\(name)' generates \(home.generatedCount).")
    }
    return name
  }

  private func journeys(_ node: YAMLNode) -> [Journey] {
    guard let many = node["journeys"] else {
      if node["journey"] == nil, !isMeant("journey", in: node) {
        report.error(.missingKey, node, "A load needs 'journey': the steps of one iteration. Or several 'journeys'.")
      }
      return [Journey(name: "journey", steps: steps.steps(node["journey"], in: .load))]
    }
    if let one = node["journey"] {
      report.error(.conflictingKeys, one, "A load has one 'journey' or several 'journeys', not both.")
    }
    return (many.entries ?? []).compactMap { entry in
      guard Names.isName(entry.key) else {
        report.error(.badName, entry.keyNode, "'\(entry.key)' is no name for a journey.")
        return nil
      }
      return Journey(
        name: entry.key, weight: entry.value["weight"]?.integer ?? 1,
        steps: steps.steps(entry.value["steps"], in: .load))
    }
  }

  private func profiles(_ node: YAMLNode, _ journeys: [Journey]) -> [LoadProfile] {
    guard let many = node["profiles"] else {
      for key in ["virtualUsers", "executor"] where node[key] == nil && !isMeant(key, in: node) {
        report.error(.missingKey, node, "A load needs '\(key)', or 'profiles' that have it.")
      }
      return [profile(node, name: "load", journeys)]
    }
    for entry in node.entries ?? [] where (["virtualUsers", "executor"] + LoadFormat.executorKeys).contains(entry.key) {
      report.error(.conflictingKeys, entry.keyNode, "'\(entry.key)' belongs into each of the 'profiles' here.")
    }
    let entries = many.entries ?? []
    if entries.count > LoadFormat.profileLimit {
      report.error(.badValue, many, "There are \(entries.count) profiles; at most \(LoadFormat.profileLimit) may be.")
    }
    return entries.compactMap { entry in
      guard Names.isName(entry.key) else {
        report.error(.badName, entry.keyNode, "'\(entry.key)' is no name for a profile.")
        return nil
      }
      guard entry.value.entries != nil else { return nil }
      for key in ["virtualUsers", "executor"] where entry.value[key] == nil {
        report.error(.missingKey, entry.value, "A profile needs '\(key)'.")
      }
      return profile(entry.value, name: entry.key, chosen(entry.value["journeys"], among: journeys))
    }
  }

  /// Whether a key that does not exist was reported as another word for this one.
  private func isMeant(_ key: String, in node: YAMLNode) -> Bool {
    let names = LoadFormat.load.keys.map(\.name)
    return (node.entries ?? []).contains { entry in
      guard !names.contains(entry.key) else { return false }
      if let hint = ForeignWords.hint(entry.key, in: .load) { return hint.contains("'\(key)'") }
      return Suggestion.nearest(to: entry.key, among: names) == key
    }
  }

  private func chosen(_ node: YAMLNode?, among journeys: [Journey]) -> [Journey] {
    guard let node else { return journeys }
    return (node.elements ?? []).compactMap { element in
      guard let name = element.scalar?.text else { return nil }
      if let journey = journeys.first(where: { $0.name == name }) { return journey }
      let hint = Suggestion.hint(for: name, among: journeys.map(\.name))
      report.error(.unknownName, element, "There is no journey '\(name)'.\(hint)")
      return nil
    }
  }

  private func profile(_ node: YAMLNode, name: String, _ journeys: [Journey]) -> LoadProfile {
    var profile = LoadProfile(
      name: name, virtualUsers: node["virtualUsers"]?.integer ?? 1,
      executor: executor(node) ?? .constantVUs(duration: .seconds(1)), journeys: journeys)
    profile.arrivals = node["arrivals"]?.scalar.flatMap { Arrivals(rawValue: $0.text) } ?? .even
    profile.busy = node["busy"]?.scalar.flatMap { WhenBusy(rawValue: $0.text) } ?? .drop
    profile.pacing = node["pacing"]?.duration
    if let start = node["startAt"]?.duration { profile.startAt = start }
    return profile
  }

  private func executor(_ node: YAMLNode) -> Executor? {
    guard let name = node["executor"]?.scalar?.text,
      let keys = LoadFormat.executors.first(where: { $0.name == name })
    else { return nil }
    for entry in node.entries ?? [] where LoadFormat.executorKeys.contains(entry.key) {
      guard !keys.required.contains(entry.key), !keys.optional.contains(entry.key) else { continue }
      let valid = (keys.required + keys.optional).map { "'\($0)'" }.joined(separator: ", ")
      report.error(.misplacedKey, entry.keyNode, "'\(entry.key)' does not belong to '\(name)', which takes \(valid).")
    }
    for key in keys.required where node[key] == nil {
      report.error(.missingKey, node["executor"] ?? node, "'\(name)' needs '\(key)'.")
    }
    let longest = node["maxDuration"]?.duration ?? .seconds(600)
    switch name {
    case "shared-iterations":
      return node["iterations"]?.integer.map { .sharedIterations(iterations: $0, maxDuration: longest) }
    case "per-vu-iterations":
      return node["iterations"]?.integer.map { .perVUIterations(iterations: $0, maxDuration: longest) }
    case "constant-vus": return node["duration"]?.duration.map { .constantVUs(duration: $0) }
    case "ramping-vus":
      return stages(node["stages"], of: "a number of virtual users such as 50") {
        Double($0).flatMap { Self.count($0) }
      }
      .map { .rampingVUs(start: node["startVUs"]?.integer ?? 0, stages: $0) }
    case "constant-arrival-rate":
      guard let rate = node["rate"]?.rate else { return nil }
      return node["duration"]?.duration.map { .constantArrivalRate(rate: rate, duration: $0) }
    default:
      return stages(node["stages"], of: "a rate such as 100/s") { Quantities.rate($0, mayBeZero: true) }
        .map { .rampingArrivalRate(start: node["startRate"]?.rate ?? 0, stages: $0) }
    }
  }

  private func stages(_ node: YAMLNode?, of kind: String, _ target: (String) -> Double?) -> [RampStage]? {
    guard let node else { return nil }
    if let elements = node.elements, elements.isEmpty {
      report.error(.badValue, node, "'stages' needs at least one stage.")
    }
    return (node.elements ?? []).compactMap { element in
      guard let place = element["target"], let text = place.scalar?.text else { return nil }
      guard let target = target(text) else {
        report.error(.badValue, place, "'target' is \(place.kindName), which is not \(kind).")
        return nil
      }
      return element["duration"]?.duration.map { RampStage(target: target, duration: $0) }
    }
  }

  private static func count(_ value: Double) -> Double? {
    value == value.rounded() && (0...Double(Format.generateLimit)).contains(value) ? value : nil
  }

}
