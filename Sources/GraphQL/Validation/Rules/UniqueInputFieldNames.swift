/// No field of an input object is given twice (specification, 5.6.3).
struct UniqueInputFieldNames {
  private var stack: [[String: NameNode]] = []

  mutating func enterObject() { stack.append([:]) }

  mutating func leaveObject() { stack.removeLast() }

  mutating func enter(_ field: ObjectFieldNode, _ context: ValidationContext) {
    guard let top = stack.indices.last else { return }
    if let first = stack[top][field.name.value] {
      context.report(
        "There can be only one input field named \"\(field.name.value)\".", at: [first.offset, field.name.offset])
    } else {
      stack[top][field.name.value] = field.name
    }
  }
}
