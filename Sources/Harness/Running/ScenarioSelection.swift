internal import Collaboration
package import GraphQL
package import Scenario

/// Which scenarios a command plays.
package enum ScenarioKind: Sendable {
  /// Those with steps.
  case functional
  /// Those with a load model.
  case load
}

/// Reads scenario files against the product's schema.
package enum ScenarioSelection {
  /// The product's schema.
  /// - Throws: ``HarnessError``, which would be a mistake of ours.
  package static func schema() throws -> Schema {
    do { return try Schema.build(Collaboration.sources) } catch {
      throw HarnessError("The product's schema has mistakes: \(error)")
    }
  }

  /// The product's schema as text.
  package static var sdl: String { Collaboration.sdl }

  /// Everything that is to be known of the files at `paths` before anything runs.
  package static func load(_ paths: [String]) throws -> LoadOutcome {
    ScenarioLoader(schema: try schema()).load(paths: paths)
  }

  /// The scenarios of `kind` with one of `tags`.
  static func select(_ scenarios: [Scenario], _ kind: ScenarioKind, tags: [String]) -> [Scenario] {
    scenarios.filter { scenario in
      let isKind = kind == .load ? scenario.load != nil : !scenario.steps.isEmpty
      return isKind && (tags.isEmpty || tags.contains { scenario.tags.contains($0) })
    }
  }
}
