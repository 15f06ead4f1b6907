package import JSON

/// The scenario format as a JSON Schema (draft 2020-12), for editors: made of the descriptions that the lint itself goes
/// by. It says what a file's shape may be; names, types and flow are the lint's alone.
package enum ScenarioSchema {
  package static var json: JSON {
    var schema: JSONObject = [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Rehearsal scenario",
    ]
    let files = [Format.scenario, Format.library].map { JSON.object(mapping($0)) }
    schema["anyOf"] = .array(files)
    var definitions: JSONObject = [
      "text": ["type": ["string", "number", "boolean"], "minLength": 1],
      "name": ["type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_-]{0,99}$"],
      "path": ["type": "string", "pattern": #"^(@statements|[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*)$"#],
      "duration": ["type": "string", "pattern": #"^([0-9]+(\.[0-9]*)?(ms|s|m|h))+$"#, "examples": ["250ms", "2s"]],
      "rate": ["type": "string", "pattern": #"^[0-9]+(\.[0-9]*)?/[smh]$"#, "examples": ["200/s", "30/m"]],
      "matcher": matcher, "step": step,
    ]
    for verb in StepFormat.verbs { definitions["\(verb.name) step"] = self.verb(verb) }
    schema["$defs"] = .object(definitions)
    return .object(schema)
  }

  private static func reference(_ name: String) -> JSON {
    ["$ref": .string("#/$defs/" + name.replacing(" ", with: "%20"))]
  }

  private static var step: JSON {
    let short: JSON = ["enum": ["connect", "disconnect"]]
    return ["anyOf": .array([short] + StepFormat.verbs.map { reference("\($0.name) step") })]
  }

  private static func verb(_ verb: VerbShape) -> JSON {
    let own = KeyShape(verb.name, verb.shape, required: true, verb.help)
    var object = mapping(MappingShape(name: verb.name, keys: [own] + verb.keys))
    object["description"] = .string(verb.help)
    return .object(object)
  }

  /// A value that must be equal, or operators that must all hold.
  private static var matcher: JSON {
    let plain: JSON = ["type": ["null", "boolean", "number", "string", "array"]]
    var properties = JSONObject()
    for name in StepFormat.matchers { properties[name] = operand(of: name) }
    let operators: JSON = [
      "type": "object", "minProperties": 1, "additionalProperties": false, "properties": .object(properties),
    ]
    return ["anyOf": [plain, operators]]
  }

  private static func operand(of matcher: String) -> JSON {
    switch matcher {
    case "not", "length": reference("matcher")
    case "greaterThan", "atLeast", "lessThan", "atMost": ["type": ["number", "string"]]
    case "matches": reference("text")
    case "exists": ["type": "boolean"]
    case "oneOf": ["type": "array", "minItems": 1]
    default: true
    }
  }

  private static func mapping(_ shape: MappingShape) -> JSONObject {
    var properties = JSONObject()
    for key in shape.keys {
      // A key whose value may be anything has its description all the same.
      var value = schema(key.shape).object ?? JSONObject()
      value["description"] = .string(key.help)
      properties[key.name] = .object(value)
    }
    var object: JSONObject = ["type": "object", "additionalProperties": false]
    let required = shape.keys.filter(\.required).map { JSON.string($0.name) }
    if !required.isEmpty { object["required"] = .array(required) }
    object["properties"] = .object(properties)
    return object
  }

  private static func pairs(_ names: String?, _ values: JSON) -> JSON {
    var object: JSONObject = ["type": "object"]
    if let names { object["propertyNames"] = reference(names) }
    object["additionalProperties"] = values
    return .object(object)
  }

  private static func schema(_ shape: Shape) -> JSON {
    switch shape {
    case .text: reference("text")
    case .name: reference("name")
    case .boolean: ["type": "boolean"]
    case .booleanOrCount: ["anyOf": [["type": "boolean"], ["type": "integer", "minimum": 1]]]
    case .integer(let range):
      ["type": "integer", "minimum": .int(Int64(range.lowerBound)), "maximum": .int(Int64(range.upperBound))]
    case .duration: reference("duration")
    case .rate: reference("rate")
    case .oneOf(let names): ["enum": .array(names.map(JSON.string))]
    case .template: true
    case .matcher: reference("matcher")
    case .fields: pairs("path", reference("matcher"))
    case .captures: pairs("name", reference("path"))
    case .values: pairs("name", true)
    case .list(let element): ["type": "array", "items": schema(element)]
    case .oneOrMany(let element):
      ["anyOf": [schema(element), ["type": "array", "minItems": 1, "items": schema(element)]]]
    case .mapping(let shape): .object(mapping(shape))
    case .dictionary(let value): pairs(nil, schema(value))
    case .either(let simple, let other): ["anyOf": [schema(simple), .object(mapping(other))]]
    case .order:
      [
        "type": "object", "minProperties": 1, "maxProperties": 1, "propertyNames": reference("path"),
        "additionalProperties": [
          "anyOf": [["const": "ascending"], ["type": "array"], ["type": "string", "pattern": "^[$]{"]]
        ],
      ]
    case .nothingOr(let other): ["anyOf": [["type": "null"], schema(other)]]
    case .steps: ["type": "array", "minItems": 1, "items": reference("step")]
    }
  }
}
