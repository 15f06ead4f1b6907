internal import JSON

/// A file of settings: one mapping of names to values or lists of values, in YAML and so in JSON too.
package struct SettingsFile: Sendable {
  package struct Entry: Sendable {
    package let key: String
    /// As they are written; one unless ``isList``.
    package let values: [String]
    package let isList: Bool
    /// Where the value begins, and how long it is.
    package let mark: Mark
    package let width: Int
  }

  package let entries: [Entry]
  /// What kept an entry from being read.
  package let diagnostics: [Diagnostic]
  package let source: SourceText

  /// - Parameter keys: the names of all settings; any other is a mistake.
  package static func read(
    _ path: String, keys: [String], files: any ScenarioFiles = DiskFiles(), limits: LoadLimits = LoadLimits()
  ) -> SettingsFile {
    let (report, root) = SourceReader(files: files, limits: limits).readYAML(path)
    var entries: [Entry] = []
    if let root {
      if root.entries == nil {
        report.error(.wrongType, root, "A file of settings is 'name: value' pairs, found \(root.kindName).")
      }
      for entry in root.entries ?? [] {
        guard keys.contains(entry.key) else {
          let hint = Suggestion.hint(for: entry.key, among: keys)
          report.error(.unknownKey, entry.keyNode, "There is no setting '\(entry.key)'.\(hint)")
          continue
        }
        let nodes = entry.value.elements ?? [entry.value]
        let values = nodes.compactMap { node in
          node.scalar.flatMap { $0.style == .plain && $0.json.isNull ? nil : $0.text }
        }
        guard values.count == nodes.count else {
          report.error(.wrongType, entry.value, "'\(entry.key)' must have a value, or a list of values.")
          continue
        }
        entries.append(
          Entry(
            key: entry.key, values: values, isList: entry.value.elements != nil,
            mark: report.source.mark(entry.value), width: entry.value.width))
      }
    }
    return SettingsFile(entries: entries, diagnostics: report.diagnostics, source: report.source)
  }
}
