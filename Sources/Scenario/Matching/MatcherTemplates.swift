extension Matcher {
  /// Every template in it.
  package var templates: [Template] {
    switch self {
    case .equals(let template), .contains(let template), .greaterThan(let template), .atLeast(let template),
      .lessThan(let template), .atMost(let template):
      [template]
    case .not(let inner), .length(let inner): inner.templates
    case .oneOf(let templates): templates
    case .all(let matchers): matchers.flatMap(\.templates)
    case .matches, .exists: []
    }
  }
}
