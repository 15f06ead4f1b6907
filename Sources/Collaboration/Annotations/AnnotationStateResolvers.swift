internal import Database
internal import GraphQL
internal import JSON
internal import World

enum AnnotationStateResolvers {
  static let elementLimit = 500
  /// Most bytes of all elements' texts.
  static let textLimit = 400_000

  private struct Reanchoring: Sendable {
    let state: AnnotationRecord.State
    let selector: String?

    init(_ found: Reanchored, _ place: AnnotationRecord.Place) {
      switch found {
      case .anchored: (state, selector) = (.anchored, place.selector)
      case .moved(let now): (state, selector) = (.moved, now)
      case .orphaned: (state, selector) = (.orphaned, nil)
      }
    }
  }

  static func bind(_ resolvers: ProductResolvers) {
    resolvers.object("Annotation", AnnotationRecord.self) { type in
      type.field("state") { $0.state }
      type.field("stateChangedAt") { $0.stateChangedAt }
      type.field("elementIds") { $0.place.elementIDs.ids }
      type.field("width") { $0.place.width }
      type.field("height") { $0.place.height }
      type.field("textBefore") { $0.place.textBefore }
      type.field("textAfter") { $0.place.textAfter }
      type.batchSync("reanchored") { call throws -> [Reanchoring] in
        let page = try elements(try call.argument("elements", as: [JSON].self))
        return call.parents.map { annotation in
          Reanchoring(page.find(annotation.place.anchor), annotation.place)
        }
      }
    }
    resolvers.object("Reanchoring", Reanchoring.self) { type in
      type.field("state") { $0.state }
      type.field("selector") { $0.selector }
    }
    resolvers.object("ReportAnnotationPayload", Changed<AnnotationRecord>.self) { type in
      type.field("annotation") { $0.payload.value }
      type.field("userErrors") { $0.payload.errors }
    }
    resolvers.mutation { root in
      root.root("reportAnnotation") { call in
        try await Changed(call.context) {
          try await AnnotationService.report(try call.argument("input"), call.context)
        }
      }
    }
    resolvers.subscription(
      "annotationChanged", event: DurableEvent.self,
      source: { call in
        let page = try await call.require(PageRecord.self, argument: "pageId", called: "page")
        var stream = EventStream.shared(.annotations(onPage: page.id), by: try call.context.viewer())
        stream.kinds = [.annotationChanged]
        return try call.resuming(stream)
      },
      value: { event, call in try await call.subject(AnnotationRecord.self, of: event) })
  }

  private static func elements(_ input: [JSON]) throws -> PageSnapshot {
    let elements = input.map { element in
      PageElement(
        selector: element["selector"]?.string ?? "", ids: (element["ids"]?.array ?? []).compactMap(\.string),
        text: element["text"]?.string ?? "")
    }
    guard elements.count <= elementLimit, elements.reduce(0, { $0 + $1.text.utf8.count }) <= textLimit else {
      throw GraphQLFault(
        "'elements' must be at most \(elementLimit) with together at most \(textLimit) bytes of text.",
        code: "BAD_USER_INPUT")
    }
    return PageSnapshot(elements)
  }
}
