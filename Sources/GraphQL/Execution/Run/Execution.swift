internal import JSON

/// Runs one operation level by level: each field of a level is resolved once, for all its parents.
struct Execution: Sendable {
  let plan: OperationPlan
  let variables: VariableValues
  let input: InputCoercion
  let limits: EngineLimits
  let context: any Sendable
  let deadline: Deadline?
  let hook: InternalErrorHook

  /// A field of a level that waits.
  private struct Pending {
    let frame: Frame
    let index: Int
    let resolve: @Sendable (any ObjectRows, ErasedCall) async -> any Column
    let call: ErasedCall
  }

  /// Resolves everything under the root; mutations one root field after the other, each with all that lies under it.
  func run(from rows: any ObjectRows) async -> Frame {
    let root = Frame(plan.root.fields(given: variables), rows)
    if plan.kind == .mutation {
      for index in root.cells.indices {
        await resolve([(root, index..<index + 1)])
      }
    } else {
      await resolve([(root, root.cells.indices)])
    }
    return root
  }

  private func resolve(_ first: [(frame: Frame, fields: Range<Int>)]) async {
    var level = first
    while !level.isEmpty {
      var pending: [Pending] = []
      for (frame, fields) in level {
        for index in fields { start(frame, index, &pending) }
      }
      if !pending.isEmpty { await settle(pending) }
      var next: [(frame: Frame, fields: Range<Int>)] = []
      for (frame, fields) in level {
        for index in fields { descend(frame, index, &next) }
      }
      level = next
    }
  }

  /// Answers a field that does not wait, notes one that does.
  private func start(_ frame: Frame, _ index: Int, _ pending: inout [Pending]) {
    let field = frame.cells[index].field
    // Nobody waits any more for what a cancelled request would do.
    if Task.isCancelled {
      frame.cells[index].column = FailedColumn(deadline?.fault ?? .cancelled)
      return
    }
    let arguments: JSONObject
    let directives: [AppliedDirective]
    do throws(ArgumentFault) {
      arguments = try field.arguments.values(variables, input)
      directives = try applied(field.directives)
    } catch {
      frame.cells[index].column = FailedColumn(error.fault, at: error.offset)
      return
    }
    let call = ErasedCall(
      context: context, arguments: arguments, field: field, directives: directives, deadline: deadline, hook: hook)
    switch field.resolver {
    case .immediate(let resolve): frame.cells[index].column = checked(resolve(frame.rows, call))
    case .asynchronous(let resolve):
      pending.append(Pending(frame: frame, index: index, resolve: resolve, call: call))
    }
  }

  private func applied(_ plans: [DirectivePlan]) throws(ArgumentFault) -> [AppliedDirective] {
    var result: [AppliedDirective] = []
    for plan in plans {
      result.append(AppliedDirective(name: plan.name, arguments: try plan.arguments.values(variables, input)))
    }
    return result
  }

  /// One field is awaited where we are; several run as child tasks, which inherit the task's executor. Each starts at
  /// once on this thread and leaves it when it first waits: a resolver that finds what it needs at hand costs no hop.
  private func settle(_ pending: [Pending]) async {
    if pending.count == 1 {
      let only = pending[0]
      only.frame.cells[only.index].column = checked(await only.resolve(only.frame.rows, only.call))
      return
    }
    await withTaskGroup(of: (Int, any Column).self) { group in
      for (number, field) in pending.enumerated() {
        let (resolve, rows, call) = (field.resolve, field.frame.rows, field.call)
        group.addImmediateTask { (number, await resolve(rows, call)) }
      }
      for await (number, column) in group {
        pending[number].frame.cells[pending[number].index].column = checked(column)
      }
    }
  }

  private func checked(_ column: any Column) -> any Column {
    guard column.longestList > limits.listSize else { return column }
    return FailedColumn(
      GraphQLFault(
        "A list has \(column.longestList) elements, the limit is \(limits.listSize).", code: "RESULT_TOO_LARGE"))
  }

  /// Makes the objects a field returned the parents of the next level.
  private func descend(_ frame: Frame, _ index: Int, _ next: inout [(frame: Frame, fields: Range<Int>)]) {
    let field = frame.cells[index].field
    switch field.child {
    case .none: return
    case .object(let selection):
      guard let rows = frame.cells[index].column.objects, rows.count > 0 else { return }
      let child = Frame(selection.fields(given: variables), rows)
      frame.cells[index].child = .object(child)
      next.append((child, child.cells.indices))
    case .abstract(let abstract):
      guard let rows = frame.cells[index].column.objects, rows.count > 0 else { return }
      let frames = divide(rows, by: abstract, field)
      frame.cells[index].child = .abstract(frames)
      for child in frames.frames { next.append((child, child.cells.indices)) }
    }
  }

  /// Sorts values of an interface or union by their object type, so that each type's fields are resolved together.
  private func divide(_ rows: any ObjectRows, by abstract: AbstractPlan, _ field: FieldPlan) -> AbstractFrames {
    var values: [[Any]] = Array(repeating: [], count: abstract.selections.count)
    var places: [AbstractFrames.Place] = []
    var faults: [GraphQLFault] = []
    places.reserveCapacity(rows.count)
    for value in rows.erased {
      do {
        let object = try abstract.dispatch.open(value)
        guard let type = abstract.index[object.typeName] else {
          throw ResolverMisuse(
            description:
              "A value of \"\(abstract.typeName)\" was said to be a \"\(object.typeName)\", which it cannot be")
        }
        places.append(AbstractFrames.Place(frame: type, row: values[type].count))
        values[type].append(object.value)
      } catch {
        places.append(.failed(faults.count))
        faults.append(fault(for: error, in: field.coordinate, hook: hook))
      }
    }
    var frames: [Frame] = []
    var renumbered = Array(repeating: 0, count: values.count)
    for (type, members) in values.enumerated() where !members.isEmpty {
      let selection = abstract.selections[type]
      if let rows = abstract.dispatch.rows[selection.typeName]?(members) {
        renumbered[type] = frames.count
        frames.append(Frame(selection.fields(given: variables), rows))
      } else {
        renumbered[type] = AbstractFrames.Place.failed(faults.count).frame
        let misuse = ResolverMisuse(
          description: "A value said to be a \"\(selection.typeName)\" is of another Swift type than that is bound to")
        faults.append(fault(for: misuse, in: field.coordinate, hook: hook))
      }
    }
    let final = places.map { place in
      place.frame < 0 ? place : AbstractFrames.Place(frame: renumbered[place.frame], row: place.row)
    }
    return AbstractFrames(places: final, frames: frames, faults: faults)
  }
}
