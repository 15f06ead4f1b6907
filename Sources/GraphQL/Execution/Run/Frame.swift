/// The objects of one concrete type at one path of the response, and what was found out about them.
final class Frame {
  let fields: [FieldPlan]
  let rows: any ObjectRows
  /// One for each field, in order.
  var columns: [any Column]
  /// What lies under each field.
  var children: [ChildFrames]

  init(_ fields: [FieldPlan], _ rows: any ObjectRows) {
    self.fields = fields
    self.rows = rows
    columns = Array(repeating: UnresolvedColumn.shared, count: fields.count)
    children = Array(repeating: .none, count: fields.count)
  }
}

enum ChildFrames {
  case none
  case object(Frame)
  case abstract(AbstractFrames)
}

/// The frames of an interface's or union's possible types, and which row of which frame each value became.
final class AbstractFrames {
  struct Place {
    /// Negative for a value whose type could not be told: the complement of the error's number.
    let frame: Int
    let row: Int

    static func failed(_ number: Int) -> Place { Place(frame: ~number, row: 0) }
  }

  let places: [Place]
  let frames: [Frame]
  let faults: [GraphQLFault]

  init(places: [Place], frames: [Frame], faults: [GraphQLFault]) {
    self.places = places
    self.frames = frames
    self.faults = faults
  }
}

/// Stands where no resolver has answered yet.
final class UnresolvedColumn: Column {
  static let shared = UnresolvedColumn()

  func write(_ row: Int, as type: CompletionType, under child: ChildFrames, to out: inout ResponseWriter) -> Written {
    out.mismatch()
  }
}
