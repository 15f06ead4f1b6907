/// Collects what is wrong with one file, each place and mistake once.
final class FileReport {
  let source: SourceText
  private(set) var diagnostics: [Diagnostic] = []
  private var seen: Set<String> = []
  /// What every mistake has to do with that is reported while it stands here: the step that uses a flow.
  var context: [Diagnostic.Related] = []

  init(source: SourceText) { self.source = source }

  var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  func add(_ diagnostic: Diagnostic) {
    guard seen.insert(diagnostic.identity).inserted else { return }
    var diagnostic = diagnostic
    diagnostic.related += context.reversed()
    diagnostics.append(diagnostic)
  }

  func error(_ code: DiagnosticCode, _ node: YAMLNode, _ message: String, related: [Diagnostic.Related] = []) {
    add(Diagnostic(mark: source.mark(node), width: node.width, code: code, message: message, related: related))
  }

  func error(_ code: DiagnosticCode, at mark: Mark, width: Int = 1, _ message: String) {
    add(Diagnostic(mark: mark, width: width, code: code, message: message))
  }
}
