import GraphQL
import GraphQLTesting
import JSON

/// From text to plan.
func measureDocuments(_ meter: Meter) async throws {
  let schema = try Schema.build([Source(text: SampleSchemas.pets)])
  var generator = DocumentGenerator(schema: schema, seed: 42)
  var texts: [String] = []
  while texts.count < 50 {
    let text = generator.document(mistakes: 0)
    guard let document = try? parseDocument(Source(text: text)), document.operations.count == 1,
      validate(document, against: schema).isEmpty
    else { continue }
    texts.append(text)
  }
  let bytes = texts.reduce(0) { $0 + $1.utf8.count }
  let documents = try texts.map { try parseDocument(Source(text: $0)) }
  let json = Array(JSON.array(texts.map { .string($0) }).bytes)
  print("50 documents, \(bytes) bytes:")

  try await meter.compare(
    "parse", bytes: bytes, { try texts.reduce(0) { $0 + (try parseDocument(Source(text: $1))).definitions.count } },
    baseline: "JSON.parse of the texts as strings", { try JSON.parse(json).array?.count ?? 0 })
  try await meter.compare(
    "print", bytes: bytes, { documents.reduce(0) { $0 + print($1).utf8.count } },
    baseline: "the texts copied", { texts.reduce(0) { $0 + Array($1.utf8).count } })
  try await meter.compare(
    "validate", bytes: bytes, { documents.reduce(0) { $0 + validate($1, against: schema).count } },
    baseline: "a walk over all fields", { documents.reduce(0) { $0 + countFields($1) } })

  var limits = EngineLimits.generous
  let cached = try SyntheticEngine(schema, limits: limits)
  limits.cachedPlans = 1
  let uncached = try SyntheticEngine(schema, limits: limits)
  let requests = texts.map { GraphQLRequest(query: $0, variables: variables(for: $0, schema)) }
  try await meter.compare(
    "prepare, plan not cached", bytes: bytes, { requests.reduce(0) { $0 + prepared(uncached, $1) } },
    baseline: "parse and validate",
    {
      try texts.reduce(0) { $0 + validate(try parseDocument(Source(text: $1)), against: schema).count }
    })
  var known: [String: Int] = [:]
  for (index, text) in texts.enumerated() { known[text] = index }
  try await meter.compare(
    "prepare, plan cached", bytes: bytes, { requests.reduce(0) { $0 + prepared(cached, $1) } },
    baseline: "the texts found in a dictionary", { texts.reduce(0) { $0 + (known[$1] ?? 0) } })
}

private func prepared(_ engine: SyntheticEngine, _ request: GraphQLRequest) -> Int {
  if case .success(let operation) = engine.prepare(request) { operation.planIdentity } else { 0 }
}

private func variables(for text: String, _ schema: Schema) -> JSONObject {
  guard let operation = (try? parseDocument(Source(text: text)))?.operations.first else { return [:] }
  var generator = VariableGenerator(schema: schema, seed: 1)
  return generator.variables(for: operation, mistakes: 0)
}

private func countFields(_ document: Document) -> Int {
  var pending = document.operations.map(\.selectionSet) + document.fragments.map(\.selectionSet)
  var count = 0
  while let set = pending.popLast() {
    for selection in set.selections {
      switch selection {
      case .field(let field):
        count += 1
        if let inner = field.selectionSet { pending.append(inner) }
      case .inline(let inline): pending.append(inline.selectionSet)
      case .spread: count += 1
      }
    }
  }
  return count
}
