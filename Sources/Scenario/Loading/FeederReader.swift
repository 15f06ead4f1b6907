internal import JSON

/// Reads the files of feeders.
struct FeederReader {
  let files: any ScenarioFiles
  let limits: LoadLimits
  /// Of the scenario that names them.
  let report: FileReport
  let folder: String

  /// - Returns: the feeders, without rows where a file could not be used, which is reported.
  func feeders(_ node: YAMLNode?) -> (feeders: [Feeder], reports: [FileReport]) {
    var reports: [FileReport] = []
    var feeders: [Feeder] = []
    for entry in node?.entries ?? [] {
      guard Names.isName(entry.key) else {
        report.error(.badName, entry.keyNode, "'\(entry.key)' is no name for a feeder.")
        continue
      }
      guard let place = entry.value["file"], let file = place.scalar?.text, !file.isEmpty else { continue }
      var feeder = Feeder(
        name: entry.key,
        order: entry.value["order"]?.scalar.flatMap { Feeder.Order(rawValue: $0.text) } ?? .sequential, columns: [],
        rows: [], mark: report.source.mark(entry.keyNode))
      let path = Paths.simplified(Paths.join(folder, file))
      if files.kind(of: path) != .file {
        report.error(.notFound, place, "There is no file '\(path)'.")
      } else if path.hasSuffix(".csv") || path.hasSuffix(".json") {
        let read = read(path, entry.value["types"], into: &feeder)
        reports.append(read)
      } else {
        report.error(.badData, place, "A feeder reads .csv and .json files.")
      }
      feeders.append(feeder)
    }
    return (feeders, reports)
  }

  private func read(_ path: String, _ types: YAMLNode?, into feeder: inout Feeder) -> FileReport {
    var bounds = limits
    bounds.fileBytes = limits.feederBytes
    let (file, text) = SourceReader(files: files, limits: bounds).read(path)
    guard let text else { return file }
    if path.hasSuffix(".csv") { readCSV(text, types, file, &feeder) } else { readJSON(text, types, file, &feeder) }
    if feeder.rows.isEmpty, !file.hasErrors {
      file.error(.badData, at: Mark(file: path, line: 0, column: 0), "The file has no rows.")
    }
    return file
  }

  private func readCSV(_ text: String, _ types: YAMLNode?, _ file: FileReport, _ feeder: inout Feeder) {
    var reader = CSVReader(text)
    let records: [[CSVReader.Field]]
    do throws(CSVError) { records = try reader.records() } catch {
      file.error(
        .badData, at: Mark(file: file.source.file, line: error.line, column: error.column), error.message + ".")
      return
    }
    guard let header = records.first else { return }
    var columns: [String] = []
    for field in header {
      if let problem = problem(ofColumn: field.text, among: columns) {
        file.error(.badData, at: mark(field, file), width: max(1, field.text.unicodeScalars.count), problem)
      }
      columns.append(field.text)
    }
    feeder.columns = columns
    let kinds = kinds(types, columns, feeder)
    for record in records.dropFirst() {
      guard record.count == columns.count else {
        let place = record.count > columns.count ? record[columns.count] : record.last
        guard let place else { continue }
        file.error(
          .badData, at: mark(place, file),
          "This row has \(record.count) field\(record.count == 1 ? "" : "s"), but the first line names \(columns.count) columns."
        )
        continue
      }
      feeder.rows.append(
        zip(record, kinds).map { field, kind in
          guard let value = Self.value(field.text, kind) else {
            file.error(.badData, at: mark(field, file), "'\(field.text)' is no \(kind).")
            return .null
          }
          return value
        })
    }
  }

  private func mark(_ field: CSVReader.Field, _ file: FileReport) -> Mark {
    Mark(file: file.source.file, line: field.line, column: field.column)
  }

  private func problem(ofColumn name: String, among known: [String]) -> String? {
    if known.contains(name) { return "The column '\(name)' stands twice." }
    return Names.isName(name) ? nil : "'\(name)' is no name for a column: letters, digits, '_' and '-'."
  }

  private static func value(_ text: String, _ kind: String) -> JSON? {
    switch kind {
    case "number":
      let value = YAMLScalar(text: text, style: .plain).json
      // A bare `nil` here would be JSON's null.
      return value.number.map { _ in value }
    case "boolean": return ["true": JSON.bool(true), "false": .bool(false)][text]
    default: return .string(text)
    }
  }

  /// What each column is, in their order.
  private func kinds(_ types: YAMLNode?, _ columns: [String], _ feeder: Feeder) -> [String] {
    for entry in types?.entries ?? [] where !columns.contains(entry.key) {
      let hint = Suggestion.hint(for: entry.key, among: columns)
      report.error(.unknownColumn, entry.keyNode, "The feeder '\(feeder.name)' has no column '\(entry.key)'.\(hint)")
    }
    return columns.map { types?[$0]?.scalar?.text ?? "text" }
  }

  /// A list of objects which all have the members of the first.
  private func readJSON(_ text: String, _ types: YAMLNode?, _ file: FileReport, _ feeder: inout Feeder) {
    let whole = Mark(file: file.source.file, line: 0, column: 0)
    if let types {
      report.error(.conflictingKeys, types, "The values of a .json file have their types already.")
    }
    let value: JSON
    do throws(JSONError) { value = try JSON.parse(text) } catch {
      let before = text.utf8.prefix(max(0, error.offset))
      let line = before.count { $0 == UInt8(ascii: "\n") } + 1
      let start = before.lastIndex(of: UInt8(ascii: "\n")).map { before.index(after: $0) } ?? before.startIndex
      let column = before[start...].count { $0 & 0xc0 != 0x80 } + 1
      file.error(.badData, at: Mark(file: file.source.file, line: line, column: column), error.message + ".")
      return
    }
    guard let elements = value.array else {
      file.error(.badData, at: whole, "The file must hold a list of objects, but holds \(value.kindName).")
      return
    }
    for (index, element) in elements.enumerated() {
      guard let object = element.object else {
        file.error(.badData, at: whole, "Element \(index) must be an object, but is \(element.kindName).")
        continue
      }
      if index == 0 {
        feeder.columns = object.keys
        var known: [String] = []
        for key in object.keys {
          if let problem = problem(ofColumn: key, among: known) { file.error(.badData, at: whole, problem) }
          known.append(key)
        }
      }
      let missing = feeder.columns.first { object[$0] == nil }
      let extra = object.keys.first { !feeder.columns.contains($0) }
      if let missing {
        file.error(.badData, at: whole, "Element \(index) has no '\(missing)', which the first has.")
      } else if let extra {
        file.error(.badData, at: whole, "Element \(index) has a '\(extra)', which the first has not.")
      } else {
        feeder.rows.append(feeder.columns.map { object[$0] ?? .null })
      }
    }
  }
}
