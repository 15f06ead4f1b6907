/// The part of the schema that is about finding pages by their location.
enum LocationsSDL {
  static let text = #"""
    """
    Where a page is in the application's own terms: a flat object of 1 to 20 texts, numbers and booleans, at most 2,000
    bytes. `{"page": "report", "id": 7}`
    """
    scalar Location

    enum LocationMatch {
      "The same entries, no more and no fewer."
      EXACT
      "These entries, and perhaps others."
      PARTIAL
    }

    extend type Page {
      location: Location
    }

    extend input EnsurePageInput {
      "Replaces the one before."
      location: Location
    }

    type PageConnection {
      edges: [PageEdge!]!
      nodes: [Page!]!
      pageInfo: PageInfo!
    }

    type PageEdge {
      cursor: String!
      node: Page!
    }

    extend type Query {
      "The organization's pages at a location, oldest first. At most 100 at a time."
      pages(location: Location!, match: LocationMatch! = EXACT, first: Int = 20, after: String): PageConnection!
    }
    """#
}
