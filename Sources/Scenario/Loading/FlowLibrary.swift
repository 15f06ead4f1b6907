/// The flows that one scenario can use: its own and those of the files that it includes. Each is read when it is first
/// needed, so that one that comes back to itself is found.
final class FlowLibrary {
  struct Source {
    var entry: YAMLEntry
    var report: FileReport

    var mark: Mark { report.source.mark(entry.keyNode) }
  }

  private(set) var names: [String] = []
  private var sources: [String: Source] = [:]
  private var definitions: [String: FlowDefinition] = [:]
  private var open: [String] = []
  /// Flows that use each other.
  private static let depthLimit = 20
  /// Whether an included file could not be read, so that a flow may be missing for that reason.
  var isIncomplete = false

  func add(_ flows: YAMLNode?, report: FileReport) {
    for entry in flows?.entries ?? [] where entry.value.entries != nil {
      guard Names.isName(entry.key) else {
        report.error(.badName, entry.keyNode, "'\(entry.key)' is no name for a flow.")
        continue
      }
      if let known = sources[entry.key] {
        report.error(
          .duplicateName, entry.keyNode, "There are two flows '\(entry.key)'.",
          related: [Diagnostic.Related(mark: known.mark, message: "the other is here")])
        continue
      }
      sources[entry.key] = Source(entry: entry, report: report)
      names.append(entry.key)
    }
  }

  /// The flow of that name, made by `make` when it is needed for the first time.
  /// - Parameter node: where it is named; `nil` when nobody uses it.
  func definition(
    _ name: String, node: YAMLNode?, report: FileReport, make: (Source) -> FlowDefinition
  ) -> FlowDefinition? {
    if let known = definitions[name] { return known.depth > Self.depthLimit ? nil : known }
    guard let source = sources[name] else {
      if let node, !isIncomplete {
        let hint =
          names.isEmpty ? " Flows stand under 'flows', or come by 'include'." : Suggestion.hint(for: name, among: names)
        report.error(.unknownFlow, node, "There is no flow '\(name)'.\(hint)")
      }
      return nil
    }
    if let start = open.firstIndex(of: name) {
      guard let node else { return nil }
      let path = (open[start...] + [name]).map { "'\($0)'" }.joined(separator: " uses ")
      report.error(
        .recursion, node, "A flow cannot come back to itself: \(path).",
        related: [Diagnostic.Related(mark: source.mark, message: "the flow begins here")])
      return nil
    }
    guard open.count < Self.depthLimit else {
      if let node { tooDeep(node, report) }
      return nil
    }
    open.append(name)
    let made = make(source)
    open.removeLast()
    definitions[name] = made
    if made.depth > Self.depthLimit {
      tooDeep(source.entry.keyNode, source.report)
      return nil
    }
    return made
  }

  private func tooDeep(_ node: YAMLNode, _ report: FileReport) {
    report.error(.tooLarge, node, "Flows use each other deeper than \(Self.depthLimit).")
  }
}
