internal import Database
internal import JSON
internal import World

/// Remarks on places of pages.
enum AnnotationService {
  static let selectorLimit = 1000
  static let quotedTextLimit = 2000
  static let bodyLimit = 10_000
  static let contextLimit = 200
  static let elementIDLimit = 200
  /// Most identifiers of one element.
  static let elementIDCount = 10

  static func create(_ input: JSON, _ context: RequestContext) async throws -> AnnotationRecord {
    var reader = InputReader(input)
    let reference = PageReference(&reader)
    let place = place(&reader)
    let body = reader.text("body", limit: bodyLimit)
    let privacy = PrivateThreadService.Draft(&reader)
    let screenshot = reader["screenshotId"].map { [$0.string.flatMap { ID($0) }] } ?? []
    let key = reader.optionalText("idempotencyKey", limit: IdempotencyRecord.keyLimit)
    try reader.finish()
    return try await context.mutate("create annotation") { unit in
      try unit.requireMember()
      let id = unit.ids.next()
      if let earlier = try unit.claim(key, for: "createAnnotation", input: input, result: id) {
        guard let annotation = try unit.find(AnnotationRecord.self, earlier) else {
          throw DanglingReference(table: AnnotationRecord.table.name)
        }
        return annotation
      }
      let page = try unit.ensure(reference)
      let thread = ThreadRecord(
        id: unit.ids.next(), organization: page.organization, page: page.id, title: nil, creator: unit.viewer.user,
        createdAt: unit.now, isPrivate: privacy.isPrivate)
      try unit.transaction.insert(thread)
      try PrivateThreadService.begin(thread, privacy, isSubscribed: false, &unit)
      let annotation = AnnotationRecord(id: id, with: thread, place: place, body: body, createdAt: unit.now)
      try unit.transaction.insert(annotation)
      try AttachmentService.send(
        screenshot, in: thread.id, isPrivate: thread.isPrivate, with: AttachmentRecord.annotation.to(id),
        field: ["input", "screenshotId"], mustBeImages: true, unit)
      unit.publish(
        .annotationAdded, on: .annotations(onPage: page.id), subject: id,
        to: try PrivateThreadService.audience(of: thread, unit))
      return annotation
    }
  }

  private static func place(_ reader: inout InputReader) -> AnnotationRecord.Place {
    let place = AnnotationRecord.Place(
      selector: reader.text("selector", limit: selectorLimit), x: reader.fraction("x"), y: reader.fraction("y"),
      width: reader["width"].map { _ in reader.fraction("width") },
      height: reader["height"].map { _ in reader.fraction("height") },
      elementIDs: .init(ids: elementIDs(&reader)),
      quotedText: reader.optionalText("quotedText", limit: quotedTextLimit, mayBeBlank: true),
      textBefore: reader.optionalText("textBefore", limit: contextLimit, mayBeBlank: true),
      textAfter: reader.optionalText("textAfter", limit: contextLimit, mayBeBlank: true))
    if (place.width == nil) != (place.height == nil) {
      reader.fail(.invalid, "'width' and 'height' go together.", [place.width == nil ? "height" : "width"])
    }
    for (name, start, size) in [("width", place.x, place.width), ("height", place.y, place.height)] {
      if let size, start + size > 1 { reader.fail(.invalid, "'\(name)' reaches beyond the element.", [name]) }
    }
    for name in ["textBefore", "textAfter"] where reader[name] != nil && place.quotedText == nil {
      reader.fail(.invalid, "'\(name)' needs 'quotedText'.", [name])
    }
    return place
  }

  private static func elementIDs(_ reader: inout InputReader) -> [String] {
    let ids = (reader["elementIds"]?.array ?? []).compactMap(\.string)
    if ids.count > elementIDCount {
      reader.fail(.tooLarge, "'elementIds' must have at most \(elementIDCount) elements.", ["elementIds"])
    }
    for (index, id) in ids.enumerated() {
      reader.check(id, TextRule(limit: elementIDLimit), name: "elementIds", field: ["elementIds", String(index)])
    }
    return ids
  }

  /// Takes a client's word for where an annotation is now.
  static func report(_ input: JSON, _ context: RequestContext) async throws -> AnnotationRecord {
    var reader = InputReader(input)
    let id = reader.id("annotationId")
    guard let state = reader["state"]?.string.flatMap(AnnotationRecord.State.init(rawValue:)) else {
      throw Refusal(.invalid, "'state' is missing.", field: ["input", "state"])
    }
    let selector = reader.optionalText("selector", limit: selectorLimit)
    let (x, y) = (
      reader["x"].map { _ in reader.fraction("x") }, reader["y"].map { _ in reader.fraction("y") }
    )
    if state == .moved, selector == nil { reader.fail(.invalid, "MOVED needs 'selector'.", ["selector"]) }
    if state != .moved, selector != nil || x != nil || y != nil {
      reader.fail(.invalid, "Only MOVED has a new place.", ["state"])
    }
    let expected = reader["expectedState"]?.string
    try reader.finish()
    return try await context.mutate("report annotation") { unit in
      let field = ["input", "annotationId"]
      guard let id, let before = try unit.first(AnnotationRecord.where(AnnotationRecord.id == id).forUpdate) else {
        throw Refusal.notFound("annotation", field: field)
      }
      if let expected, expected != before.state.rawValue {
        throw Refusal(
          .conflict, "The annotation's state is \(before.state.rawValue).", field: ["input", "expectedState"])
      }
      var annotation = before
      annotation.state = state
      if let selector { annotation.place.selector = selector }
      annotation.place.x = x ?? before.place.x
      annotation.place.y = y ?? before.place.y
      for (name, start, size) in [
        ("x", annotation.place.x, annotation.place.width), ("y", annotation.place.y, annotation.place.height),
      ] where start + (size ?? 0) > 1 {
        throw Refusal(.invalid, "What was marked would reach beyond the element.", field: ["input", name])
      }
      guard annotation != before else { return before }
      annotation.stateChangedAt = unit.now
      try unit.transaction.update(annotation)
      guard let thread = try unit.find(ThreadRecord.self, annotation.thread) else {
        throw Refusal.notFound("annotation", field: field)
      }
      unit.publish(
        .annotationChanged, on: .annotations(onPage: annotation.page), subject: id,
        to: try PrivateThreadService.audience(of: thread, unit))
      return annotation
    }
  }
}
