internal import GraphQL

/// The actions of one folder: the operations of its `.graphql` files, which share their fragments, and `rules.yaml`.
final class ActionFolder {
  /// As shown in messages; `nil` where no folder was found.
  let path: String?
  private(set) var catalog = ActionCatalog()
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var sources: [SourceText] = []
  private var infos: [String: OperationInfo] = [:]
  /// In the order of files and places.
  private(set) var names: [String] = []
  /// Names that are there but not valid, which is reported once, where they stand.
  private var broken: Set<String> = []
  /// Whether a file could not be read, so that a name may be missing for that reason.
  private var isIncomplete = false

  init() { path = nil }

  init(path: String, files: any ScenarioFiles, schema: Schema, limits: LoadLimits) {
    self.path = path
    let names = files.names(in: path).sorted()
    let documents = names.filter { $0.hasSuffix(".graphql") }
    readDocuments(documents.map { Paths.join(path, $0) }, files, schema, limits)
    let rules = Paths.join(path, "rules.yaml")
    if names.contains("rules.yaml") { readRules(rules, files, limits) }
  }

  /// The path of the folder of actions for what lies in `folder`.
  static func nearest(to folder: String, _ files: any ScenarioFiles, _ limits: LoadLimits) -> String? {
    Paths.outwards(from: folder, limit: limits.folderDepth).lazy.map { Paths.join($0, "actions") }
      .first { files.kind(of: $0) == .folder }
  }

  var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  func info(_ name: String) -> OperationInfo? { infos[name] }

  /// The action that a node names; `nil` when there is none of these kinds, which is reported here or where it stands.
  func operation(_ node: YAMLNode, kinds: [Operation.Kind], report: FileReport) -> OperationInfo? {
    guard let name = node.scalar?.text, !name.isEmpty else { return nil }
    guard let info = infos[name] else {
      if broken.contains(name) || isIncomplete { return nil }
      let candidates = names.filter { infos[$0].map { kinds.contains($0.operation.kind) } ?? true }
      let place = path.map { "in \($0)" } ?? "because no 'actions' folder was found"
      let hint = Suggestion.hint(for: name, among: candidates)
      report.error(.unknownAction, node, "There is no action '\(name)' \(place).\(hint)")
      return nil
    }
    guard kinds.contains(info.operation.kind) else {
      let hint =
        info.operation.kind == .subscription ? "use 'subscribe'" : "use 'do'"
      report.error(.wrongKind, node, "'\(name)' is a \(info.operation.kind.rawValue): \(hint).")
      return nil
    }
    return info
  }

  // The files become one document, so that fragments are shared and names are unique among them all.
  private func readDocuments(_ paths: [String], _ files: any ScenarioFiles, _ schema: Schema, _ limits: LoadLimits) {
    var merged = ""
    var starts: [(line: Int, report: FileReport)] = []
    var line = 1
    var reports: [FileReport] = []
    for path in paths {
      let (report, text) = SourceReader(files: files, limits: limits).read(path)
      reports.append(report)
      guard let text else {
        isIncomplete = true
        continue
      }
      do throws(GraphQLError) {
        _ = try parseDocument(Source(name: path, text: text))
        starts.append((line, report))
        merged += text + "\n"
        line += report.source.lines.count
      } catch {
        isIncomplete = true
        let location = error.locations.first ?? SourceLocation(line: 1, column: 1)
        report.error(
          .graphqlSyntax, at: Mark(file: path, line: location.line, column: location.column), error.message)
      }
    }
    defer {
      for report in reports {
        diagnostics += report.diagnostics
        sources.append(report.source)
      }
    }
    guard !starts.isEmpty else { return }
    let limit = ParserLimits(maxBytes: limits.actionBytes, maxTokens: limits.actionBytes, maxDepth: 64)
    let document: Document
    do throws(GraphQLError) {
      document = try parseDocument(Source(name: path ?? "actions", text: merged), limits: limit)
    } catch {
      isIncomplete = true
      starts.first?.report.error(.tooLarge, at: Mark(file: path ?? "actions", line: 0, column: 0), error.message)
      return
    }
    // A fragment may be in a file that could not be read.
    let errors = documentErrors(document, schema).filter { !isIncomplete || !$0.message.hasPrefix("Unknown fragment") }
    for error in errors {
      let location = error.locations.first ?? SourceLocation(line: 1, column: 1)
      guard let start = starts.last(where: { $0.line <= location.line }) ?? starts.first else { continue }
      let mark = Mark(
        file: start.report.source.file, line: location.line - start.line + 1, column: location.column)
      start.report.error(error.diagnosticCode, at: mark, error.message)
    }
    addOperations(of: document, text: merged, errors: errors, schema: schema) { operation in
      let location = document.location(operation.offset)
      guard let start = starts.last(where: { $0.line <= location.line }) else { return }
      let mark = Mark(
        file: start.report.source.file, line: location.line - start.line + 1, column: location.column)
      start.report.error(.graphqlInvalid, at: mark, "An action needs a name: it is that of its operation.")
    }
  }

  private func addOperations(
    of document: Document, text: String, errors: [GraphQLError], schema: Schema,
    unnamed: (OperationDefinitionNode) -> Void
  ) {
    let slices = DefinitionSlices(document: document, text: text)
    let places = errors.compactMap(\.locations.first)
    for operation in document.operations {
      guard let name = operation.name?.value else {
        unnamed(operation)
        continue
      }
      names.append(name)
      let parts = slices.parts(of: operation)
      guard !places.contains(where: { place in parts.contains { $0.covers(place) } }) else {
        broken.insert(name)
        continue
      }
      let text = parts.map(\.text).joined(separator: "\n\n")
      let info = OperationInfo(node: operation, document: document, text: text, name: name, schema: schema)
      infos[name] = info
      catalog.operations[name] = info.operation
    }
  }

  private func readRules(_ path: String, _ files: any ScenarioFiles, _ limits: LoadLimits) {
    let reader = SourceReader(files: files, limits: limits)
    let (report, root) = reader.readYAML(path)
    if let root {
      ShapeChecker(report: report).mapping(root, RulesFormat.rules, key: "rules")
      RulesDecoder(report: report, actions: self).decode(root, into: &catalog)
    }
    diagnostics += report.diagnostics
    sources.append(report.source)
  }
}
