import JSON

/// Holds a value against the part of JSON Schema 2020-12 that the scenario format's schema uses; what it does not know
/// is a mistake of the schema.
struct SchemaValidator {
  let root: JSON

  /// - Returns: the first thing that is wrong, `nil` for a valid value.
  func problem(_ value: JSON) -> String? { problem(value, root, at: "$") }

  private func problem(_ value: JSON, _ schema: JSON, at path: String) -> String? {
    if let flag = schema.bool { return flag ? nil : "\(path): nothing is allowed" }
    for (keyword, rule) in schema.object?.members ?? [] {
      if let problem = problem(value, keyword, rule, schema, at: path) { return problem }
    }
    return nil
  }

  private func problem(_ value: JSON, _ keyword: String, _ rule: JSON, _ schema: JSON, at path: String) -> String? {
    func check(_ holds: Bool?) -> String? {
      holds == false ? "\(path): \(value.text) is not \(keyword) \(rule.text)" : nil
    }
    let members = value.object?.members ?? []
    switch keyword {
    case "$schema", "$defs", "title", "description", "examples": return nil
    case "$ref":
      let name = (rule.string ?? "").replacing("#/$defs/", with: "").replacing("%20", with: " ")
      return root["$defs"]?[name].map { problem(value, $0, at: path) } ?? "\(path): no definition \(rule.text)"
    case "type":
      let names = rule.array?.compactMap(\.string) ?? [rule.string ?? ""]
      return check(names.contains { Self.isA(value, $0) })
    case "enum": return check(rule.array?.contains(value))
    case "const": return check(rule == value)
    case "pattern":
      guard let text = value.string, let regex = try? Regex(rule.string ?? "") else { return nil }
      return check(text.firstMatch(of: regex) != nil)
    case "minLength": return check(value.string.map { $0.count >= Int(rule.number ?? 0) })
    case "minimum": return check(value.number.map { $0 >= rule.number ?? 0 })
    case "maximum": return check(value.number.map { $0 <= rule.number ?? 0 })
    case "minItems": return check(value.array.map { $0.count >= Int(rule.number ?? 0) })
    case "minProperties": return check(value.object.map { $0.count >= Int(rule.number ?? 0) })
    case "maxProperties": return check(value.object.map { $0.count <= Int(rule.number ?? 0) })
    case "required":
      guard value.object != nil else { return nil }
      return check(rule.array?.compactMap(\.string).allSatisfy { value[$0] != nil })
    case "anyOf":
      let problems = (rule.array ?? []).map { problem(value, $0, at: path) }
      return problems.contains(nil) ? nil : problems.compactMap(\.self).max { $0.count < $1.count }
    case "items":
      for (index, element) in (value.array ?? []).enumerated() {
        if let problem = problem(element, rule, at: "\(path)[\(index)]") { return problem }
      }
      return nil
    case "properties":
      for (key, inner) in members {
        if let rule = rule[key], let problem = problem(inner, rule, at: "\(path).\(key)") { return problem }
      }
      return nil
    case "additionalProperties":
      for (key, inner) in members where schema["properties"]?[key] == nil {
        if let problem = problem(inner, rule, at: "\(path).\(key)") { return problem }
      }
      return nil
    case "propertyNames":
      return members.lazy.compactMap { problem(.string($0.key), rule, at: path) }.first
    default: return "the schema uses '\(keyword)', which this validator does not know"
    }
  }

  private static func isA(_ value: JSON, _ type: String) -> Bool {
    switch type {
    case "null": value.isNull
    case "boolean": value.bool != nil
    case "integer": value.int != nil
    case "number": value.number != nil
    case "string": value.string != nil
    case "array": value.array != nil
    default: value.object != nil
    }
  }
}
