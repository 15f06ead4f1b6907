/// The objects of one concrete type at one path of the response, and what was found out about them.
final class Frame {
  struct Cell {
    let field: FieldPlan
    var column: any Column = UnresolvedColumn.shared
    /// What lies under the field.
    var child = ChildFrames.none
  }

  let rows: any ObjectRows
  /// In the order of the response.
  var cells: [Cell]

  init(_ fields: [FieldPlan], _ rows: any ObjectRows) {
    self.rows = rows
    cells = fields.map { Cell(field: $0) }
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
