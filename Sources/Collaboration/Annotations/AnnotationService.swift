internal import Database
internal import JSON
internal import World

/// Remarks on places of pages.
enum AnnotationService {
  static let selectorLimit = 1000
  static let quotedTextLimit = 2000
  static let bodyLimit = 10_000

  static func create(_ input: JSON, _ context: RequestContext) async throws -> AnnotationRecord {
    var reader = InputReader(input)
    let reference = PageReference(&reader)
    let place = AnnotationRecord.Place(
      selector: reader.text("selector", limit: selectorLimit), x: reader.fraction("x"), y: reader.fraction("y"),
      quotedText: reader.optionalText("quotedText", limit: quotedTextLimit, mayBeBlank: true))
    let body = reader.text("body", limit: bodyLimit)
    let key = reader.optionalText("idempotencyKey", limit: IdempotencyRecord.keyLimit)
    try reader.finish()
    return try await context.mutate("create annotation") { unit in
      try unit.requireMember()
      let id = unit.ids.next()
      if let earlier = try unit.claim(key, for: "createAnnotation", result: id) {
        guard let annotation = try unit.find(AnnotationRecord.self, earlier) else {
          throw DanglingReference(table: AnnotationRecord.table.name)
        }
        return annotation
      }
      let page = try unit.ensure(reference)
      let author = unit.viewer.user
      let thread = ThreadRecord(
        id: unit.ids.next(), organization: page.organization, page: page.id, title: nil, creator: author,
        createdAt: unit.now)
      try unit.transaction.insert(thread)
      let annotation = AnnotationRecord(
        id: id, organization: page.organization, page: page.id, thread: thread.id, author: author, place: place,
        body: body, createdAt: unit.now)
      try unit.transaction.insert(annotation)
      unit.publish(.annotationAdded, on: .annotations(onPage: page.id), subject: id)
      return annotation
    }
  }
}
