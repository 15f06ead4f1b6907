package import GraphQL

/// Reads scenario files and finds every mistake in them, without a server.
package struct ScenarioLoader: Sendable {
  private let schema: Schema
  private let files: any ScenarioFiles
  private let limits: LoadLimits

  /// - Parameter schema: of the service that the scenarios are played against.
  package init(schema: Schema, files: any ScenarioFiles = DiskFiles(), limits: LoadLimits = LoadLimits()) {
    self.schema = schema
    self.files = files
    self.limits = limits
  }

  /// Reads files and the `*.yaml` files under folders, each once, in the order of their paths. An `actions` folder holds no
  /// scenarios; what is in it is checked too.
  package func load(paths: [String]) -> LoadedScenarios {
    var run = LoadRun(schema: schema, files: files, limits: limits)
    for path in paths { run.add(path) }
    return run.finish()
  }
}

/// What was read: the scenarios without an error, and everything that is wrong.
package struct LoadedScenarios: Sendable {
  /// In the order of their files.
  package var scenarios: [Scenario] = []
  /// By file, line and column.
  package var diagnostics: [Diagnostic] = []
  /// Every file that was read as a scenario.
  package var files: [String] = []
  var sources: [String: SourceText] = [:]

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// The diagnostics for people, each with its source line and caret.
  package func text(color: Bool = false) -> String {
    diagnostics.map { $0.text(source: sources[$0.mark.file], color: color) }.joined()
  }

  /// "2 errors in 1 file", or "12 scenarios, no mistakes".
  package var summary: String {
    func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
    guard !diagnostics.isEmpty else { return "\(count(scenarios.count, "scenario")), no mistakes" }
    let errors = diagnostics.count { $0.severity == .error }
    let warnings = diagnostics.count - errors
    let parts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }.map { count($0.0, $0.1) }
    let places = Set(diagnostics.map(\.mark.file)).count
    return "\(parts.joined(separator: " and ")) in \(count(places, "file"))"
  }
}

/// One call of the loader.
private struct LoadRun {
  let schema: Schema
  let files: any ScenarioFiles
  let limits: LoadLimits
  private var outcome = LoadedScenarios()
  private var seen: Set<String> = []
  private var folders: [String: ActionFolder] = [:]
  private var foundTooMany = false

  init(schema: Schema, files: any ScenarioFiles, limits: LoadLimits) {
    self.schema = schema
    self.files = files
    self.limits = limits
  }

  mutating func add(_ given: String) {
    // An empty path is a variable that was never set, and not the working directory.
    guard !given.isEmpty else { return problem("''", .notFound, "A path is empty.") }
    let path = Paths.simplified(given)
    let before = outcome.files.count
    switch files.kind(of: path) {
    case .missing: problem(given, .notFound, "There is no such file or folder.")
    case .file:
      if Paths.name(of: Paths.folder(of: path)) == "actions" {
        _ = actions(in: Paths.folder(of: path))
      } else {
        scenario(path)
      }
    case .folder:
      if Paths.name(of: path) == "actions" {
        _ = actions(in: path)
        return
      }
      walk(path, depth: 0)
      if outcome.files.count == before, !foundTooMany {
        problem(given, .noScenarios, "There is no scenario (*.yaml) in this folder.")
      }
    }
  }

  consuming func finish() -> LoadedScenarios {
    var result = outcome
    // Sorted by place; of one place, in the order they were found.
    result.diagnostics = result.diagnostics.enumerated().sorted { left, right in
      let (a, b) = (left.element.mark, right.element.mark)
      return (a.file, a.line, a.column, left.offset) < (b.file, b.line, b.column, right.offset)
    }.map(\.element)
    return result
  }

  private mutating func walk(_ folder: String, depth: Int) {
    guard depth < limits.folderDepth else { return }
    for name in files.names(in: folder).sorted() where !name.hasPrefix(".") {
      let path = Paths.join(folder, name)
      switch files.kind(of: path) {
      case .folder:
        if name == "actions" { _ = actions(in: path) } else { walk(path, depth: depth + 1) }
      case .file:
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { scenario(path) }
      case .missing: break
      }
    }
  }

  private mutating func scenario(_ path: String) {
    guard seen.insert(path).inserted else { return }
    guard outcome.files.count < limits.files else {
      if !foundTooMany { problem(path, .tooLarge, "There are more than \(limits.files) files.") }
      foundTooMany = true
      return
    }
    outcome.files.append(path)
    let (report, root) = SourceReader(files: files, limits: limits).readYAML(path)
    if let root {
      ShapeChecker(report: report).mapping(root, Format.scenario, key: "A scenario")
      if root.entries != nil, let actions = actions(for: root, path, report) {
        let scenario = ScenarioDecoder(report: report, schema: schema, actions: actions).decode(root)
        if !report.hasErrors, !actions.hasErrors { outcome.scenarios.append(scenario) }
      }
    }
    take(report)
  }

  private mutating func actions(for root: YAMLNode, _ path: String, _ report: FileReport) -> ActionFolder? {
    let folder = Paths.folder(of: path)
    if let node = root["actions"] {
      guard let text = node.scalar?.text, !text.isEmpty else { return nil }
      let named = Paths.simplified(Paths.join(folder, text))
      guard files.kind(of: named) == .folder else {
        report.error(.notFound, node, "There is no folder '\(named)'.")
        return nil
      }
      return actions(in: named)
    }
    for outer in Paths.outwards(from: folder, limit: limits.folderDepth) {
      let candidate = Paths.join(outer, "actions")
      if files.kind(of: candidate) == .folder { return actions(in: candidate) }
    }
    return ActionFolder()
  }

  /// Each folder is read once; its mistakes are reported once.
  private mutating func actions(in path: String) -> ActionFolder {
    if let known = folders[path] { return known }
    let folder = ActionFolder(path: path, files: files, schema: schema, limits: limits)
    folders[path] = folder
    outcome.diagnostics += folder.diagnostics
    for source in folder.sources { outcome.sources[source.file] = source }
    return folder
  }

  private mutating func take(_ report: FileReport) {
    outcome.diagnostics += report.diagnostics
    outcome.sources[report.source.file] = report.source
  }

  private mutating func problem(_ path: String, _ code: DiagnosticCode, _ message: String) {
    outcome.diagnostics.append(Diagnostic(mark: Mark(file: path, line: 0, column: 0), code: code, message: message))
  }
}
