package import JSON
private import Synchronization
package import World

/// Executes operations against a schema (specification, section 6). One engine serves all requests of a process.
package final class Engine<Context: Sendable>: Sendable {
  package let schema: Schema
  package let limits: EngineLimits
  private let bound: BoundSchema
  private let cache: PlanCache
  private let clock: (any WorldClock)?
  private let nextPlan = Atomic<Int>(1)
  private let onInternalError: InternalErrorHook

  /// - Parameters:
  ///   - clock: measures ``EngineLimits/time``; without it operations run as long as they like.
  ///   - onInternalError: told of each error that is hidden from clients.
  /// - Throws: ``BindingErrors`` with all disagreements of resolvers and SDL.
  package init(
    schema: Schema, resolvers: Resolvers<Context>, limits: EngineLimits = .default,
    clock: (any WorldClock)? = nil, onInternalError: @escaping InternalErrorHook = { _, _ in }
  ) throws(BindingErrors) {
    self.schema = schema
    self.limits = limits
    self.clock = clock
    self.onInternalError = onInternalError
    bound = try Binder.bind(schema, resolvers)
    cache = PlanCache(capacity: limits.cachedPlans)
  }

  /// Parses, validates and compiles, or finds the plan of an earlier request; then coerces this request's variables.
  /// A failure is the request error result to send.
  package func prepare(_ request: GraphQLRequest) -> Result<PreparedOperation, GraphQLResult> {
    let key = PlanCache.Key(query: request.query, operationName: request.operationName)
    let plan: OperationPlan
    if let cached = cache.plan(for: key) {
      plan = cached
    } else {
      do throws(RequestErrors) { plan = cache.keep(try compile(key), for: key) } catch {
        return .failure(Response.requestError(error.errors))
      }
    }
    let variables: VariableValues
    do throws(RequestErrors) { variables = try coerce(request.variables, for: plan) } catch {
      return .failure(Response.requestError(error.errors))
    }
    let cost = plan.fixedCost ?? CostEstimate(limits: limits, variables: variables).cost(of: plan.root)
    guard cost <= limits.cost else {
      let error = GraphQLError(
        "The operation may return \(cost) values, the limit is \(limits.cost).",
        extensions: ["code": "QUERY_TOO_COMPLEX"])
      return .failure(Response.requestError([error]))
    }
    return .success(PreparedOperation(plan: plan, variables: variables))
  }

  /// Runs a query or mutation.
  package func execute(_ operation: PreparedOperation, context: Context) async -> GraphQLResult {
    guard operation.kind != .subscription else {
      return .requestError("Subscriptions are not executed but subscribed to.", code: "BAD_REQUEST")
    }
    return await run(operation, from: Rows([Root()]), context, extensions: [:])
  }

  /// Runs a subscription's source (specification, 6.2.3.1) and returns what it gave.
  package func subscribe(
    _ operation: PreparedOperation, context: Context
  ) async -> Result<any Sendable, GraphQLResult> {
    guard let source = operation.plan.source,
      let field = operation.plan.root.fields(given: operation.variables).first
    else { return .failure(.requestError("Only subscriptions are subscribed to.", code: "BAD_REQUEST")) }
    do {
      let arguments = try field.arguments.values(operation.variables, bound.input)
      let call = ErasedCall(
        context: context, arguments: arguments, field: field, directives: [], deadline: nil, hook: onInternalError)
      return .success(try await source(call))
    } catch {
      let argument = error as? ArgumentFault
      let fault = argument?.fault ?? fault(for: error, in: field.coordinate, hook: onInternalError)
      let offsets = argument.map { [$0.offset] } ?? field.offsets(given: operation.variables)
      let locations = offsets.map { operation.plan.document.location($0) }
      let error = GraphQLError(
        fault.message, locations: locations, path: [.key(field.responseKey)], extensions: fault.responseExtensions)
      return .failure(Response.requestError([error]))
    }
  }

  /// Runs a subscription's selection for one event (specification, 6.2.3.2).
  /// - Parameter extensions: the response's `extensions`; left out when empty.
  package func executeEvent(
    _ event: any Sendable, of operation: PreparedOperation, context: Context, extensions: JSONObject = [:]
  ) async -> GraphQLResult {
    guard operation.kind == .subscription else {
      return .requestError("Only subscriptions have events.", code: "BAD_REQUEST")
    }
    return await run(operation, from: Rows([EventBox(event: event)]), context, extensions: extensions)
  }

  /// Compiled operations in the cache.
  package var cachedPlans: Int { cache.count }

  private func compile(_ key: PlanCache.Key) throws(RequestErrors) -> OperationPlan {
    guard key.query.utf8.count <= limits.document.maxBytes else {
      throw RequestErrors(
        GraphQLError(
          "The document has \(key.query.utf8.count) bytes, the limit is \(limits.document.maxBytes).",
          extensions: ["code": "DOCUMENT_TOO_LARGE"]))
    }
    let document: Document
    do throws(GraphQLError) {
      document = try parseDocument(Source(text: key.query), limits: limits.document)
    } catch {
      throw RequestErrors([error], code: "GRAPHQL_PARSE_FAILED")
    }
    let errors = validate(
      document, against: schema, maxErrors: limits.validationErrors, scalars: bound.input.scalars)
    guard errors.isEmpty else { throw RequestErrors(errors, code: "GRAPHQL_VALIDATION_FAILED") }
    do throws(GraphQLError) {
      let operation = try chosen(key.operationName, in: document)
      let id = nextPlan.wrappingAdd(1, ordering: .relaxed).oldValue
      return try PlanBuilder.compile(operation, of: document, id: id, for: bound, limits: limits)
    } catch {
      throw RequestErrors([error], code: "BAD_REQUEST")
    }
  }

  private func coerce(_ given: JSONObject, for plan: OperationPlan) throws(RequestErrors) -> VariableValues {
    if plan.variables.isEmpty { return VariableValues([:], of: []) }
    let code = "BAD_USER_INPUT"
    switch bound.input.variables(plan.operation, plan.document, given: given) {
    case .failure(let refused): throw RequestErrors(refused.errors, code: code)
    case .success(let values):
      // A nullable variable with a default may decide, until it is given as null.
      for variable in plan.variables where variable.decides && values[variable.name] == .null {
        let error = GraphQLError(
          "Argument \"if\" of non-null type \"Boolean!\" must not be null.",
          locations: [plan.document.location(variable.offset)])
        throw RequestErrors([error], code: code)
      }
      return VariableValues(values, of: plan.variables)
    }
  }

  /// The operation to run (specification, 6.1, GetOperation).
  private func chosen(_ name: String?, in document: Document) throws(GraphQLError) -> OperationDefinitionNode {
    let operations = document.operations
    if let name {
      guard let operation = operations.first(where: { $0.name?.value == name }) else {
        throw GraphQLError(
          "Unknown operation named \"\(name)\".", extensions: ["code": "OPERATION_RESOLUTION_FAILURE"])
      }
      return operation
    }
    guard let only = operations.first else {
      throw GraphQLError("Must provide an operation.", extensions: ["code": "OPERATION_RESOLUTION_FAILURE"])
    }
    guard operations.count == 1 else {
      throw GraphQLError(
        "Must provide operation name if query contains multiple operations.",
        extensions: ["code": "OPERATION_RESOLUTION_FAILURE"])
    }
    return only
  }

  private func run(
    _ operation: PreparedOperation, from rows: any ObjectRows, _ context: Context, extensions: JSONObject
  ) async -> GraphQLResult {
    let deadline = clock == nil ? nil : limits.time.map { Deadline(after: $0) }
    let execution = Execution(
      plan: operation.plan, variables: operation.variables, input: bound.input, limits: limits, context: context,
      deadline: deadline, hook: onInternalError)
    let limits = limits
    let run = { @Sendable () async -> GraphQLResult in
      Response.write(await execution.run(from: rows), of: operation, limits: limits, extensions: extensions)
    }
    guard let deadline, let clock else { return await run() }
    return await deadline.limit(by: clock, run) ?? .requestError(GraphQLFault.cancelled.message, code: "CANCELLED")
  }
}

/// Why a request is not executed at all.
private struct RequestErrors: Error {
  let errors: [GraphQLError]

  init(_ error: GraphQLError) { errors = [error] }

  /// Errors that have no code yet get one.
  init(_ errors: [GraphQLError], code: String) {
    self.errors = errors.map { error in
      var error = error
      if error.extensions["code"] == nil { error.extensions["code"] = .string(code) }
      return error
    }
  }
}
