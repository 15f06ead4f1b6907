internal import JSON

/// Holds a file's values against the shapes of the format and reports everything that does not fit.
struct ShapeChecker {
  let report: FileReport

  func check(_ node: YAMLNode, _ shape: Shape, key: String, depth: Int = 0) {
    switch shape {
    case .text: _ = text(node, key: key)
    case .name: name(node, key: key)
    case .boolean:
      if case .bool? = node.scalar?.json { break }
      wrong(node, key, "true or false")
    case .booleanOrCount:
      switch node.scalar?.json {
      case .bool?: break
      case .int(let value)? where value > 0: break
      default: wrong(node, key, "true, false or a number above zero")
      }
    case .integer(let range): integer(node, range, key: key)
    case .duration: duration(node, key: key)
    case .rate:
      guard let text = text(node, key: key), Quantities.rate(text) == nil else { return }
      report.error(.badRate, node, "'\(key)' is \(node.kindName), which is no rate such as 200/s or 30/m.")
    case .oneOf(let names): choice(node, names, key: key)
    case .template: _ = TemplateReader(report: report).template(node)
    case .matcher: MatcherReader(report: report).check(node)
    case .fields:
      pairs(node, key: key, of: "path: matcher") { entry in
        _ = PathReader(report: report).path(entry.keyNode)
        MatcherReader(report: report).check(entry.value)
      }
    case .captures:
      pairs(node, key: key, of: "name: path") { entry in
        name(entry.keyNode, key: key)
        guard text(entry.value, key: entry.key) != nil else { return }
        _ = PathReader(report: report).path(entry.value)
      }
    case .values:
      pairs(node, key: key, of: "name: value") { entry in
        name(entry.keyNode, key: key)
        _ = TemplateReader(report: report).template(entry.value)
      }
    case .list(let element):
      guard let elements = node.elements else { return wrong(node, key, "a list") }
      for value in elements { check(value, element, key: key, depth: depth) }
    case .oneOrMany(let element):
      guard let elements = node.elements else { return check(node, element, key: key, depth: depth) }
      if elements.isEmpty { report.error(.wrongType, node, "'\(key)' needs at least one.") }
      for value in elements { check(value, element, key: key, depth: depth) }
    case .mapping(let shape): mapping(node, shape, key: key, depth: depth)
    case .dictionary(let value):
      pairs(node, key: key, of: "name: value") { entry in check(entry.value, value, key: entry.key, depth: depth) }
    case .either(let simple, let shape):
      if node.entries != nil {
        mapping(node, shape, key: key, depth: depth)
      } else {
        check(node, simple, key: key, depth: depth)
      }
    case .order: order(node, key: key)
    case .nothingOr(let other): if node.scalar?.json.isNull != true { check(node, other, key: key, depth: depth) }
    case .steps: steps(node, key: key, depth: depth)
    }
  }

  func mapping(_ node: YAMLNode, _ shape: MappingShape, key: String, depth: Int = 0) {
    guard let entries = node.entries else { return wrong(node, key, "a mapping") }
    var meant: [String] = []
    for entry in entries {
      guard let known = shape.keys.first(where: { $0.name == entry.key }) else {
        let names = shape.keys.map(\.name)
        meant += [Suggestion.nearest(to: entry.key, among: names)].compactMap(\.self)
        let place: ForeignWords.Place? =
          shape.name == Format.scenario.name ? .root : shape.name == LoadFormat.load.name ? .load : nil
        let foreign = place.flatMap { ForeignWords.hint(entry.key, in: $0) }
        if let foreign { meant += names.filter { foreign.contains("'\($0)'") } }
        let hint = foreign ?? Suggestion.hint(for: entry.key, among: names)
        report.error(.unknownKey, entry.keyNode, "'\(entry.key)' is no key of \(shape.name).\(hint)")
        continue
      }
      check(entry.value, known.shape, key: entry.key, depth: depth)
    }
    for required in shape.keys where required.required && node[required.name] == nil && !meant.contains(required.name) {
      report.error(.missingKey, node, "\(shape.name.capitalizedFirst) needs '\(required.name)'.")
    }
  }

  private func order(_ node: YAMLNode, key: String) {
    guard let entry = node.entries?.first, node.entries?.count == 1 else {
      return wrong(node, key, "a mapping of one 'path: ascending', or 'path: [values]'")
    }
    _ = PathReader(report: report).path(entry.keyNode)
    let text = entry.value.scalar?.text
    if entry.value.elements != nil || text?.hasPrefix("${") == true {
      _ = TemplateReader(report: report).template(entry.value)
    } else if text != "ascending" {
      report.error(
        .badValue, entry.value, "'\(key)' must be 'ascending' or the list of values, but is \(entry.value.kindName).")
    }
  }

  private func steps(_ node: YAMLNode, key: String, depth: Int) {
    guard let elements = node.elements else { return wrong(node, key, "a list of steps") }
    guard !elements.isEmpty else {
      return report.error(.badValue, node, "'\(key)' has no steps: nothing would happen.")
    }
    guard depth < Format.nestingLimit else {
      report.error(.badValue, node, "Steps within steps are deeper than \(Format.nestingLimit).")
      return
    }
    for element in elements { step(element, depth: depth + 1) }
  }

  private func step(_ node: YAMLNode, depth: Int) {
    // `- connect` is short for `- connect:` where the actor is known.
    if let scalar = node.scalar, scalar.text == "connect" || scalar.text == "disconnect" { return }
    guard let entries = node.entries else { return wrong(node, "a step", "a mapping with a verb", isKey: false) }
    let verbs = StepShapes.verbs(of: entries)
    guard let verb = verbs.first.flatMap({ StepFormat.verb($0.key) }) else { return noVerb(node, entries) }
    for extra in verbs.dropFirst() {
      report.error(.manyVerbs, extra.keyNode, "A step has one verb; this one has '\(verb.name)' and '\(extra.key)'.")
    }
    for entry in entries where !verbs.contains(where: { $0.key == entry.key }) {
      if let key = verb.keys.first(where: { $0.name == entry.key }) {
        check(entry.value, key.shape, key: entry.key, depth: depth)
      } else {
        stray(entry, verb)
      }
    }
    for key in verb.keys where key.required && node[key.name] == nil {
      report.error(.missingKey, node, "'\(verb.name)' needs '\(key.name)'.")
    }
    if let value = node[verb.name] { check(value, verb.shape, key: verb.name, depth: depth) }
  }

  private func stray(_ entry: YAMLEntry, _ verb: VerbShape) {
    let owners = StepFormat.verbs(taking: entry.key)
    if owners.isEmpty {
      let hint =
        ForeignWords.hint(entry.key, in: .step) ?? Suggestion.hint(for: entry.key, among: verb.keys.map(\.name))
      report.error(.unknownKey, entry.keyNode, "'\(entry.key)' is no key of '\(verb.name)'.\(hint)")
    } else {
      let list = owners.map { "'\($0)'" }.joined(separator: ", ")
      report.error(
        .misplacedKey, entry.keyNode, "'\(entry.key)' does not belong to '\(verb.name)', but to \(list).")
    }
  }

  private func noVerb(_ node: YAMLNode, _ entries: [YAMLEntry]) {
    for entry in entries where !StepFormat.allKeys.contains(entry.key) {
      if let hint = ForeignWords.hint(entry.key, in: .step) {
        report.error(.noVerb, entry.keyNode, "'\(entry.key)' is no verb of a step.\(hint)")
        return
      }
      if let nearest = Suggestion.nearest(to: entry.key, among: StepFormat.verbNames) {
        report.error(.noVerb, entry.keyNode, "'\(entry.key)' is no verb of a step. Did you mean '\(nearest)'?")
        return
      }
    }
    let list = StepFormat.verbNames.joined(separator: ", ")
    report.error(.noVerb, node, "A step needs a verb: one of \(list).")
  }

  private func pairs(_ node: YAMLNode, key: String, of form: String, _ body: (YAMLEntry) -> Void) {
    guard let entries = node.entries else { return wrong(node, key, "a mapping of '\(form)'") }
    entries.forEach(body)
  }

  private func text(_ node: YAMLNode, key: String) -> String? {
    guard let scalar = node.scalar else {
      wrong(node, key, "a text")
      return nil
    }
    guard !scalar.text.isEmpty else {
      wrong(node, key, "a text")
      return nil
    }
    return scalar.text
  }

  private func name(_ node: YAMLNode, key: String) {
    guard let text = text(node, key: key), !Names.isName(text) else { return }
    report.error(
      .badName, node,
      "\(node.kindName.capitalizedFirst) is no name: letters, digits, '_' and '-', beginning with a letter.")
  }

  private func integer(_ node: YAMLNode, _ range: ClosedRange<Int>, key: String) {
    guard let value = node.scalar?.json.int else { return wrong(node, key, "a whole number") }
    if !range.contains(Int(clamping: value)) {
      report.error(
        .badValue, node, "'\(key)' is \(value); it must be from \(range.lowerBound) to \(range.upperBound).")
    }
  }

  private func duration(_ node: YAMLNode, key: String) {
    guard let text = text(node, key: key), Quantities.duration(text) == nil else { return }
    let message = "'\(key)' is \(node.kindName), which is no duration such as 250ms, 2s, 1m30s."
    let hint = Quantities.durationMeant(by: text).map { " Did you mean '\($0)'?" } ?? ""
    report.error(.badDuration, node, message + hint)
  }

  private func choice(_ node: YAMLNode, _ names: [String], key: String) {
    guard let text = text(node, key: key), !names.contains(text) else { return }
    let hint =
      Suggestion.nearest(to: text, among: names).map { " Did you mean '\($0)'?" }
      ?? " It must be one of \(names.joined(separator: ", "))."
    report.error(.badValue, node, "'\(key)' cannot be \(node.kindName).\(hint)")
  }

  private func wrong(_ node: YAMLNode, _ key: String, _ expected: String, isKey: Bool = true) {
    let subject = isKey ? "'\(key)'" : key.capitalizedFirst
    report.error(.wrongType, node, "\(subject) must be \(expected), but is \(node.kindName).")
  }
}

enum StepShapes {
  /// The verbs of a step; `capture` is one only where there is no other.
  static func verbs(of entries: [YAMLEntry]) -> [YAMLEntry] {
    let verbs = entries.filter { StepFormat.verb($0.key) != nil }
    let others = verbs.filter { $0.key != "capture" }
    return others.isEmpty ? verbs : others
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
