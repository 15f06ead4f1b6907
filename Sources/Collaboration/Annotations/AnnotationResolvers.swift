internal import Database
internal import GraphQL
internal import World

enum AnnotationResolvers {
  static let annotationLimit = 100

  static let annotationsOfPage = Listing(
    parent: AnnotationRecord.page, parentOf: { $0.page }, key: AnnotationRecord.id, keyOf: { $0.id })

  static func bind(_ resolvers: ProductResolvers) {
    resolvers.object("Annotation", AnnotationRecord.self) { type in
      type.field("id") { $0.id }
      type.field("createdAt") { $0.createdAt }
      type.field("selector") { $0.place.selector }
      type.field("x") { $0.place.x }
      type.field("y") { $0.place.y }
      type.field("quotedText") { $0.place.quotedText }
      type.field("body") { $0.body }
      type.batch("page") { call in
        try await call.context.reader().require(PageRecord.self, ids: call.parents.map(\.page))
      }
      type.batch("thread") { call in
        try await call.context.reader().require(ThreadRecord.self, ids: call.parents.map(\.thread))
      }
      type.batch("author") { call in
        try await call.context.reader().require(UserRecord.self, ids: call.parents.map(\.author))
      }
    }
    resolvers.connection("Annotation", AnnotationRecord.self)
    resolvers.object("Page", PageRecord.self) { type in
      type.batch("annotations") { call in
        let request = try PageRequest<ID>(call, most: annotationLimit, usual: 20)
        return try await annotationsOfPage.connections(
          of: call.parents.map(\.id), request, by: try call.context.reader())
      }
    }
    resolvers.object("CreateAnnotationPayload", Payload<AnnotationRecord>.self) { type in
      type.field("annotation") { $0.value }
      type.field("userErrors") { $0.errors }
    }
    resolvers.query { root in
      root.root("annotation") { call in try await call.find(AnnotationRecord.self) }
    }
    resolvers.mutation { root in
      root.root("createAnnotation") { call in
        try await Payload(call.context) { try await AnnotationService.create(try call.argument("input"), call.context) }
      }
    }
    resolvers.subscription(
      "annotationAdded", event: DurableEvent.self,
      source: { call in
        let page = try await call.require(PageRecord.self, argument: "pageId", called: "page")
        var stream = EventStream.shared(.annotations(onPage: page.id), by: try call.context.viewer())
        stream.kinds = [.annotationAdded]
        return try call.resuming(stream)
      },
      value: { event, call in try await call.subject(AnnotationRecord.self, of: event) })
  }
}
