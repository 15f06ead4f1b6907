internal import JSON

/// How the mistakes of files are told.
package enum LintFormat: String, CaseIterable, Sendable {
  /// For people, with source lines and carets.
  case text
  case json
  /// Workflow commands of GitHub Actions, which become annotations.
  case github
  /// The Static Analysis Results Interchange Format 2.1.0, which code scanning takes.
  case sarif
}

extension LoadedScenarios {
  /// Every diagnostic, in the format of a machine or, for `text`, of people.
  /// - Parameter version: of the tool, for SARIF.
  package func rendered(as format: LintFormat, version: String, color: Bool = false) -> String {
    switch format {
    case .text: text(color: color)
    case .json: json.indentedText()
    case .github: diagnostics.map { GitHubCommand.of($0) + "\n" }.joined()
    case .sarif: SARIF.log(of: diagnostics, version: version).indentedText()
    }
  }

  /// `version` counts the changes that break readers; members may be added without.
  private var json: JSON {
    let errors = diagnostics.count { $0.severity == .error }
    return [
      "version": 1, "files": .int(Int64(files.count)), "scenarios": .int(Int64(scenarios.count)),
      "errors": .int(Int64(errors)), "warnings": .int(Int64(diagnostics.count - errors)),
      "diagnostics": .array(diagnostics.map(Self.json)),
    ]
  }

  private static func json(_ diagnostic: Diagnostic) -> JSON {
    var object = place(diagnostic.mark)
    if diagnostic.mark.line > 0 { object["endColumn"] = .int(Int64(diagnostic.mark.column + diagnostic.width)) }
    object["severity"] = .string(diagnostic.severity.rawValue)
    object["code"] = .string(diagnostic.code.rawValue)
    object["message"] = .string(diagnostic.message)
    if !diagnostic.related.isEmpty {
      object["related"] = .array(
        diagnostic.related.map { related in
          var object = place(related.mark)
          object["message"] = .string(related.message)
          return .object(object)
        })
    }
    return .object(object)
  }

  private static func place(_ mark: Mark) -> JSONObject {
    var object: JSONObject = ["file": .string(mark.file)]
    guard mark.line > 0 else { return object }
    object["line"] = .int(Int64(mark.line))
    object["column"] = .int(Int64(mark.column))
    return object
  }
}

/// A workflow command of GitHub Actions: `::error file=…,line=…::message`, whose values are escaped as its runner reads
/// them ("Workflow commands for GitHub Actions").
package enum GitHubCommand {
  /// - Parameters:
  ///   - name: `error`, `warning` or `notice`.
  ///   - properties: of the place, and `title`.
  package static func text(_ name: String, _ properties: [(String, String)], _ message: String) -> String {
    "::\(name) \(properties.map { "\($0.0)=\(property($0.1))" }.joined(separator: ","))::\(data(message))"
  }

  static func of(_ diagnostic: Diagnostic) -> String {
    var properties = [("file", diagnostic.mark.file)]
    if diagnostic.mark.line > 0 {
      properties.append(("line", "\(diagnostic.mark.line)"))
      properties.append(("col", "\(diagnostic.mark.column)"))
      properties.append(("endColumn", "\(diagnostic.mark.column + diagnostic.width)"))
    }
    properties.append(("title", diagnostic.code.rawValue))
    let related = diagnostic.related.map { "\n\($0.mark): \($0.message)" }.joined()
    return text(diagnostic.severity.rawValue, properties, diagnostic.message + related)
  }

  private static func data(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}

/// A log of SARIF 2.1.0 (OASIS Standard, 27 March 2020): one run, a rule for each kind of mistake that occurs.
private enum SARIF {
  static func log(of diagnostics: [Diagnostic], version: String) -> JSON {
    let codes = DiagnosticCode.allCases.filter { code in diagnostics.contains { $0.code == code } }
    let rules = codes.map { code -> JSON in
      ["id": .string(code.rawValue), "shortDescription": ["text": .string(code.summary)]]
    }
    let results = diagnostics.map { diagnostic in
      result(diagnostic, rule: codes.firstIndex(of: diagnostic.code) ?? 0)
    }
    let driver: JSON = ["name": "rehearse", "version": .string(version), "rules": .array(rules)]
    // Columns count code points (3.14.27).
    let run: JSON = [
      "tool": ["driver": driver], "columnKind": "unicodeCodePoints", "results": .array(results),
    ]
    return [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run],
    ]
  }

  private static func result(_ diagnostic: Diagnostic, rule: Int) -> JSON {
    var result: JSONObject = [
      "ruleId": .string(diagnostic.code.rawValue), "ruleIndex": .int(Int64(rule)),
      "level": .string(diagnostic.severity.rawValue), "message": ["text": .string(diagnostic.message)],
      "locations": [["physicalLocation": place(diagnostic.mark, width: diagnostic.width)]],
    ]
    if !diagnostic.related.isEmpty {
      result["relatedLocations"] = .array(
        diagnostic.related.map { related in
          ["physicalLocation": place(related.mark, width: 1), "message": ["text": .string(related.message)]]
        })
    }
    return .object(result)
  }

  private static func place(_ mark: Mark, width: Int) -> JSON {
    var location: JSONObject = ["artifactLocation": ["uri": .string(uri(mark.file))]]
    if mark.line > 0 {
      location["region"] = [
        "startLine": .int(Int64(mark.line)), "startColumn": .int(Int64(mark.column)),
        "endColumn": .int(Int64(mark.column + width)),
      ]
    }
    return .object(location)
  }

  /// A relative reference, or for an absolute path a `file` URI (RFC 3986, sections 2.1 and 3.3; RFC 8089).
  private static func uri(_ path: String) -> String {
    let kept = Set("-._~/!$&'()*+,;=@".utf8)
    var text = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      if Names.isLetter(byte) || Names.isDigit(byte) || kept.contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return text
  }
}
