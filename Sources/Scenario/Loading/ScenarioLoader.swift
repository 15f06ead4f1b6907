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

/// Reads a file again and again, while the actions that it names stay as they are.
package final class RereadingLoader {
  private let schema: Schema
  private var folders: [String: ActionFolder] = [:]

  package init(schema: Schema) { self.schema = schema }

  package func load(_ path: String, from files: any ScenarioFiles) -> LoadedScenarios {
    var run = LoadRun(schema: schema, files: files, limits: LoadLimits())
    run.folders = folders
    run.add(path)
    folders = run.folders
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

/// A schema and the file that it was read from; "" is the loader's own.
private struct NamedSchema {
  var path: String
  var schema: Schema
}

/// One call of the loader.
private struct LoadRun {
  let files: any ScenarioFiles
  let limits: LoadLimits
  private var outcome = LoadedScenarios()
  private var seen: Set<String> = []
  /// The loader's own schema.
  private let standard: NamedSchema
  private var schemas: [String: NamedSchema?] = [:]
  /// By schema and path.
  fileprivate var folders: [String: ActionFolder] = [:]
  private var readFolders: Set<String> = []
  /// Folders of actions that were found, in order; whoever uses one decides by which schema it is read.
  private var foundFolders: [String] = []
  /// Files of flows that were found; whoever includes one decides by which schema and actors it is read.
  private var libraries: [(root: YAMLNode, path: String, report: FileReport)] = []
  private var included: Set<String> = []
  private var told: Set<String> = []
  private var foundTooMany = false

  init(schema: Schema, files: any ScenarioFiles, limits: LoadLimits) {
    standard = NamedSchema(path: "", schema: schema)
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
        foundFolders.append(Paths.folder(of: path))
      } else {
        scenario(path)
      }
    case .folder:
      if Paths.name(of: path) == "actions" {
        foundFolders.append(path)
        return
      }
      walk(path, depth: 0)
      if outcome.files.count == before, !foundTooMany {
        problem(given, .noScenarios, "There is no scenario (*.yaml) in this folder.")
      }
    }
  }

  mutating func finish() -> LoadedScenarios {
    for (root, path, report) in libraries where !included.contains(path) {
      read(root, path, report)
      take(report)
    }
    for folder in foundFolders where !readFolders.contains(folder) {
      // Actions that no scenario uses are read by the schema beside their folder, where there is one.
      let own = Paths.join(Paths.folder(of: folder), "schema.graphqls")
      let schema = files.kind(of: own) == .file ? schema(at: own) : standard
      if let schema { _ = actions(in: folder, schema) }
    }
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
        if name == "actions" { foundFolders.append(path) } else { walk(path, depth: depth + 1) }
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
      if Self.isLibrary(root) {
        libraries.append((root, path, report))
        return
      }
      read(root, path, report)
    }
    take(report)
  }

  private static func isLibrary(_ root: YAMLNode) -> Bool {
    Format.file(root.entries?.map(\.key) ?? []).name == Format.library.name
  }

  private mutating func read(_ root: YAMLNode, _ path: String, _ report: FileReport) {
    let isLibrary = Self.isLibrary(root)
    ShapeChecker(report: report).mapping(
      root, isLibrary ? Format.library : Format.scenario, key: isLibrary ? "A file of flows" : "A scenario")
    guard root.entries != nil, let schema = schema(for: root, path, report) else { return }
    guard let actions = actions(for: root, path, report, schema) else { return }
    let flows = FlowLibrary()
    flows.add(root["flows"], report: report)
    var parts: [FileReport] = []
    var open = [path]
    include(root, path, report, into: flows, &parts, &open)
    let reader = FeederReader(files: files, limits: limits, report: report, folder: Paths.folder(of: path))
    let (feeders, data) = reader.feeders(root["feeders"])
    let decoder = ScenarioDecoder(
      report: report, schema: schema.schema, actions: actions, flows: flows, feeders: feeders,
      others: parts + data)
    guard !isLibrary else {
      decoder.decodeLibrary()
      return parts.forEach { take($0) }
    }
    let scenario = decoder.decode(root)
    parts += data
    parts.forEach { take($0) }
    if !report.hasErrors, !actions.hasErrors, !parts.contains(where: \.hasErrors) { outcome.scenarios.append(scenario) }
  }

  /// Adds the flows of the files that a file includes, and of those that they include.
  /// - Parameter open: the files that include this one, outermost first, and itself.
  private mutating func include(
    _ root: YAMLNode, _ path: String, _ report: FileReport, into flows: FlowLibrary, _ parts: inout [FileReport],
    _ open: inout [String]
  ) {
    guard let list = root["include"] else { return }
    for node in list.elements ?? [list] {
      guard let text = node.scalar?.text, !text.isEmpty else { continue }
      let named = Paths.simplified(Paths.join(Paths.folder(of: path), text))
      if open.contains(named) {
        report.error(
          .recursion, node, "A file cannot include itself: \((open + [named]).joined(separator: " includes ")).")
        continue
      }
      // Two files may share a third.
      if parts.contains(where: { $0.source.file == named }) { continue }
      guard files.kind(of: named) == .file else {
        flows.isIncomplete = true
        report.error(.notFound, node, "There is no file '\(named)'.")
        continue
      }
      guard parts.count < limits.includes else {
        report.error(.tooLarge, node, "More than \(limits.includes) files are included.")
        return
      }
      let (part, content) = SourceReader(files: files, limits: limits).readYAML(named)
      parts.append(part)
      guard let content else {
        flows.isIncomplete = true
        continue
      }
      included.insert(named)
      guard Self.isLibrary(content) else {
        flows.isIncomplete = true
        report.error(
          .wrongKind, node, "'\(named)' is no file of flows: what is included has 'flows' and nothing to play.")
        continue
      }
      ShapeChecker(report: part).mapping(content, Format.library, key: "A file of flows")
      flows.add(content["flows"], report: part)
      open.append(named)
      include(content, named, part, into: flows, &parts, &open)
      open.removeLast()
    }
  }

  /// The schema that a file names, or else the loader's; `nil` when it cannot be used, which is reported.
  private mutating func schema(for root: YAMLNode, _ path: String, _ report: FileReport) -> NamedSchema? {
    guard let node = root["schema"] else { return standard }
    guard let text = node.scalar?.text, !text.isEmpty else { return nil }
    let named = Paths.simplified(Paths.join(Paths.folder(of: path), text))
    guard files.kind(of: named) == .file else {
      report.error(.notFound, node, "There is no file '\(named)'.")
      return nil
    }
    return schema(at: named)
  }

  /// Each file is read once; its mistakes are reported once.
  private mutating func schema(at path: String) -> NamedSchema? {
    if let known = schemas[path] { return known }
    let (file, text) = SourceReader(files: files, limits: limits).read(path)
    var result: NamedSchema?
    if let text {
      do throws(SchemaErrors) {
        result = NamedSchema(path: path, schema: try Schema.build([Source(name: path, text: text)]))
      } catch {
        for problem in error.problems {
          let mark = Mark(file: path, line: problem.location?.line ?? 0, column: problem.location?.column ?? 0)
          let isSyntax = problem.message.hasPrefix("Syntax Error")
          file.error(isSyntax ? .graphqlSyntax : .graphqlInvalid, at: mark, problem.message)
        }
      }
    }
    take(file)
    schemas[path] = .some(result)
    return result
  }

  private mutating func actions(
    for root: YAMLNode, _ path: String, _ report: FileReport, _ schema: NamedSchema
  ) -> ActionFolder? {
    let folder = Paths.folder(of: path)
    if let node = root["actions"] {
      guard let text = node.scalar?.text, !text.isEmpty else { return nil }
      let named = Paths.simplified(Paths.join(folder, text))
      guard files.kind(of: named) == .folder else {
        report.error(.notFound, node, "There is no folder '\(named)'.")
        return nil
      }
      return actions(in: named, schema)
    }
    return ActionFolder.nearest(to: folder, files, limits).map { actions(in: $0, schema) } ?? ActionFolder()
  }

  /// Each folder is read once; its mistakes are reported once.
  private mutating func actions(in path: String, _ schema: NamedSchema) -> ActionFolder {
    let key = schema.path + "\n" + path
    if let known = folders[key] { return known }
    let folder = ActionFolder(path: path, files: files, schema: schema.schema, limits: limits)
    folders[key] = folder
    readFolders.insert(path)
    add(folder.diagnostics)
    for source in folder.sources { outcome.sources[source.file] = source }
    return folder
  }

  private mutating func take(_ report: FileReport) {
    add(report.diagnostics)
    outcome.sources[report.source.file] = report.source
  }

  /// What several scenarios share is told once.
  private mutating func add(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics where told.insert(diagnostic.identity).inserted {
      outcome.diagnostics.append(diagnostic)
    }
  }

  private mutating func problem(_ path: String, _ code: DiagnosticCode, _ message: String) {
    outcome.diagnostics.append(Diagnostic(mark: Mark(file: path, line: 0, column: 0), code: code, message: message))
  }
}
