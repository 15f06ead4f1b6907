internal import Collaboration
internal import GraphQL
internal import JSON
internal import Scenario

/// Which scenarios a command plays.
package enum ScenarioKind: Sendable {
  /// Those with steps.
  case functional
  /// Those with a load model.
  case load

  /// The command that plays them.
  var command: String { self == .load ? "load" : "run" }
}

/// The formats of `rehearse lint`, by their names in `Scenario`.
package enum LintOutput: String, CaseIterable, Sendable { case text, json, github, sarif }

/// Reads scenario files against the product's schema.
package enum ScenarioSelection {
  /// - Throws: ``HarnessError``, which would be a mistake of ours.
  static func schema() throws -> Schema {
    do { return try Schema.build(Collaboration.sources) } catch {
      throw HarnessError("The product's schema has mistakes: \(error)")
    }
  }

  /// The product's schema as text.
  package static var sdl: String { Collaboration.sdl }

  /// Everything that is to be known of the files at `paths` before anything runs.
  static func load(_ paths: [String], files: any ScenarioFiles = DiskFiles()) throws -> LoadedScenarios {
    ScenarioLoader(schema: try schema(), files: files).load(paths: paths)
  }

  /// The scenario format as a JSON Schema.
  package static var formatSchema: String { ScenarioSchema.json.indentedText() }

  /// Prints every mistake of the files at `paths`: for people on standard error, for machines on standard output, which
  /// then holds nothing else.
  package static func lint(_ paths: [String], format: LintOutput = .text) throws -> Verdict {
    let outcome = try load(paths)
    if format != .text, let machine = LintFormat(rawValue: format.rawValue) {
      Terminal.write(outcome.rendered(as: machine, version: Build.version))
      return outcome.hasErrors ? .badInput : .passed
    }
    if !outcome.diagnostics.isEmpty { Terminal.writeError(outcome.text(color: Terminal.showsColors)) }
    if outcome.hasErrors { return .badInput }
    let count = outcome.scenarios.count
    Terminal.write("\(count) scenario\(count == 1 ? "" : "s") passed, no mistakes\n")
    return .passed
  }

  /// The scenarios of `kind` with one of `tags`.
  static func select(_ scenarios: [Scenario], _ kind: ScenarioKind, tags: [String]) -> [Scenario] {
    scenarios.filter { scenario in
      let isKind = kind == .load ? scenario.load != nil : !scenario.steps.isEmpty
      return isKind && (tags.isEmpty || tags.contains { scenario.tags.contains($0) })
    }
  }
}
