/// Something wrong, or doubtful, in a file that a person wrote.
package struct Diagnostic: Hashable, Sendable {
  package enum Severity: String, Sendable { case error, warning }

  /// Line 0 means the file as a whole.
  package var mark: Mark
  /// How many characters from the mark on are meant; for the caret's underline.
  package var width: Int
  package var severity: Severity
  package var code: DiagnosticCode
  /// What was found and what was expected, with the nearest valid name where there is one; one line.
  package var message: String
  /// Other places that the mistake has to do with: where the flow in which it stands is used.
  package var related: [Related]

  package struct Related: Hashable, Sendable {
    package var mark: Mark
    package var message: String

    package init(mark: Mark, message: String) {
      self.mark = mark
      self.message = message
    }
  }

  package init(
    mark: Mark, width: Int = 1, severity: Severity = .error, code: DiagnosticCode, message: String,
    related: [Related] = []
  ) {
    self.mark = mark
    self.width = width
    self.severity = severity
    self.code = code
    self.message = message
    self.related = related
  }

  /// What makes two reports one: the same mistake at the same place, by whatever way it was found.
  var identity: String { "\(mark) \(code.rawValue) \(message)" }
}
