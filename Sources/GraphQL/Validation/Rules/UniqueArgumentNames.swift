/// No argument is given twice (specification, 5.4.2).
enum UniqueArgumentNames {
  static func check(_ arguments: [ArgumentNode], _ context: ValidationContext) {
    for group in grouped(arguments.map(\.name)) where group.count > 1 {
      context.report("There can be only one argument named \"\(group[0].value)\".", at: group.map(\.offset))
    }
  }
}
