/// Limits on what the loader reads.
package struct LoadLimits: Sendable {
  /// Of one file.
  package var fileBytes = 1 << 20
  /// Of all documents of one actions folder.
  package var actionBytes = 4 << 20
  /// Of the file of one feeder.
  package var feederBytes = 16 << 20
  /// Files that a scenario includes, directly or through others.
  package var includes = 100
  /// Files found under the given folders.
  package var files = 10_000
  /// Folders within folders.
  package var folderDepth = 16

  package init() {}
}

/// Reads files into text and trees, reporting what keeps them from it.
struct SourceReader {
  let files: any ScenarioFiles
  let limits: LoadLimits

  func read(_ path: String) -> (FileReport, String?) {
    let whole = Mark(file: path, line: 0, column: 0)
    func failure(_ code: DiagnosticCode, _ message: String) -> (FileReport, String?) {
      let report = FileReport(source: SourceText(file: path, text: ""))
      report.error(code, at: whole, message)
      return (report, nil)
    }
    guard let bytes = files.read(path, limit: limits.fileBytes) else {
      return failure(.unreadable, "The file cannot be read.")
    }
    guard bytes.count <= limits.fileBytes else {
      return failure(.tooLarge, "The file is larger than \(limits.fileBytes / 1_024) KiB.")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return failure(.unreadable, "The file is not UTF-8.")
    }
    return (FileReport(source: SourceText(file: path, text: text)), text)
  }

  func readYAML(_ path: String) -> (FileReport, YAMLNode?) {
    let (report, text) = read(path)
    guard let text else { return (report, nil) }
    var reader = YAMLReader()
    do throws(YAMLError) {
      let root = try reader.read(text)
      for entry in reader.duplicates {
        report.error(.duplicateKey, entry.keyNode, "'\(entry.key)' stands twice in this mapping.")
      }
      if root == nil { report.error(.yamlSyntax, at: Mark(file: path, line: 0, column: 0), "The file is empty.") }
      return (report, root)
    } catch {
      report.error(.yamlSyntax, at: Mark(file: path, line: error.line, column: error.column), error.message + ".")
      return (report, nil)
    }
  }
}
