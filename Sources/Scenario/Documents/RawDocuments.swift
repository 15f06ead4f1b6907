internal import GraphQL

/// Reads documents that stand in a step.
struct RawDocuments {
  let schema: Schema
  let report: FileReport

  /// - Parameter expected: the kind that the verb takes.
  /// - Returns: `nil` when the document is not valid, which is reported at its true place in the file.
  func operation(_ node: YAMLNode, expected: Operation.Kind) -> OperationInfo? {
    guard let text = node.scalar?.text else { return nil }
    let document: Document
    do throws(GraphQLError) {
      document = try parseDocument(Source(name: report.source.file, text: text))
    } catch {
      add(error, node)
      return nil
    }
    let errors = documentErrors(document, schema)
    for error in errors { add(error, node) }
    guard errors.isEmpty else { return nil }
    guard let operation = document.operations.first, document.operations.count == 1 else {
      report.error(.graphqlInvalid, node, "A step takes one operation, but there are \(document.operations.count).")
      return nil
    }
    let name = operation.name?.value ?? expected.rawValue
    let info = OperationInfo(node: operation, document: document, text: text, name: name, schema: schema)
    guard info.operation.kind == expected else {
      report.error(.wrongKind, node, "This is a \(info.operation.kind.rawValue), but a \(expected.rawValue) is needed.")
      return nil
    }
    return info
  }

  private func add(_ error: GraphQLError, _ node: YAMLNode) {
    let location = error.locations.first ?? SourceLocation(line: 1, column: 1)
    let mark = report.source.mark(line: location.line, column: location.column, in: node)
    report.error(error.diagnosticCode, at: mark, error.message)
  }
}
