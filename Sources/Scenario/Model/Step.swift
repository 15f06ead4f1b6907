package import JSON

/// One step: who, what, and where it stands in the file.
package struct Step: Sendable {
  package var mark: Mark
  /// Where the verb's value stands: the action, the inbox, the actor to connect.
  package var verbMark: Mark
  /// The actors that take the step, in order, one after the other. Empty where the actor is understood: the actor of the
  /// enclosing `each`, or in a load model the virtual user; and for verbs without an actor.
  package var actors: [String]
  package var verb: Verb
  /// The name by which later steps refer to the moment before this one.
  package var label: String?
  package var budget: Budget?

  package init(mark: Mark, actors: [String], verb: Verb, verbMark: Mark? = nil) {
    self.mark = mark
    self.actors = actors
    self.verb = verb
    self.verbMark = verbMark ?? mark
  }

  /// The barrier to which the step comes.
  package var barrier: String? {
    switch verb {
    case .barrier(let name): name
    case .poll(let query): if case .untilBarrier(let name) = query.span { name } else { nil }
    default: nil
    }
  }
}

/// What a step does.
package indirect enum Verb: Sendable {
  /// Opens a socket and waits for its acknowledgement.
  case connect
  case subscribe(SubscribeStep)
  /// `do`, `query`, `mutate`, `enter`, `leave`: one GraphQL operation and what its response must be.
  case operate(OperationStep)
  case expect(Expectation)
  /// Decided by a fence: a marker that passes through the same pipeline after what must not come.
  case never(Expectation)
  case received(Receipt)
  /// `eventually` and `always`.
  case poll(PolledQuery)
  /// Names the moment, for `since`.
  case mark(String)
  case use(FlowUse)
  /// Once for each row of the feeder, by its name.
  case feed(feeder: String, steps: [Step])
  /// Once for each actor, one after the other; inside, the actor is the default and `${actor}` is its name.
  case each(actors: [String], steps: [Step])
  case `repeat`(times: Int, steps: [Step])
  /// Every branch at once; the step ends when all have.
  case parallel([[Step]])
  /// Waits until every branch of the enclosing `parallel` that names this barrier has come to it.
  case barrier(String)
  case capture([Capture])
  case disconnect(DisconnectManner)
  /// Think time: nothing for a while, which is chosen anew each time. In a load only.
  case pause(ClosedRange<Duration>)
}

/// How a connection ends.
package enum DisconnectManner: String, Sendable, CaseIterable {
  /// With a close frame, as a tab that is closed.
  case close
  /// The TCP connection ends without a close frame, as a process that is killed.
  case drop
  /// Nothing is sent or read any more while the connection stays open, as a laptop that falls asleep.
  case silent
}

/// Opens a subscription, and waits until the server confirms that it is live.
package struct SubscribeStep: Sendable {
  package var operation: Operation
  package var variables: Template
  /// The name by which expectations refer to what arrives; the action's name unless the file says otherwise.
  package var inbox: String
  /// When set, the server must refuse the subscription; then there is no inbox.
  package var fails: FailureMatch?

  package init(operation: Operation, variables: Template, inbox: String) {
    self.operation = operation
    self.variables = variables
    self.inbox = inbox
  }
}

/// Executes a query or a mutation.
package struct OperationStep: Sendable {
  package enum Channel: String, Sendable, CaseIterable { case http, socket }

  package var operation: Operation
  package var variables: Template
  /// Where the operation travels.
  package var channel: Channel
  /// What the response's data must be; empty accepts any that has no errors.
  package var returns: [FieldMatch]
  /// When set, the operation must be refused: its errors must match.
  package var fails: FailureMatch?
  /// What the number of SQL statements must be.
  package var statements: Matcher?
  package var captures: [Capture]

  package init(operation: Operation, variables: Template, channel: Channel) {
    self.operation = operation
    self.variables = variables
    self.channel = channel
    returns = []
    captures = []
  }
}

/// The refusal that a step expects: an error's `extensions.code`, a user error's `code`, or a text within its message.
package struct FailureMatch: Sendable {
  package var code: String?
  package var message: String?

  package init(code: String?, message: String?) {
    self.code = code
    self.message = message
  }
}

/// What an actor must see in an inbox.
package struct Expectation: Sendable {
  package var inbox: String
  package var fields: [FieldMatch]
  /// How long after the cause the last of them may come.
  package var within: Duration
  /// How many must come.
  package var count: Int
  /// When true, a fence decides that no more than `count` come.
  package var exactly: Bool
  /// When true, the matching events must be the next ones, in the order the file gives (`order`).
  package var order: OrderRule?
  /// The label or mark after which events count, and from whose moment `within` is measured.
  package var since: String?
  package var captures: [Capture]

  package init(inbox: String, fields: [FieldMatch], within: Duration, count: Int, exactly: Bool) {
    self.inbox = inbox
    self.fields = fields
    self.within = within
    self.count = count
    self.exactly = exactly
    captures = []
  }
}

/// The values at `path` of the matching events must be these, or ascend.
package struct OrderRule: Sendable {
  package var path: FieldPath
  /// The values in order; `nil` asks only that they ascend.
  package var values: Template?

  package init(path: FieldPath, values: Template?) {
    self.path = path
    self.values = values
  }
}

/// A dotted path into a response's data: `sendMessage.message.id`, `messages.edges.0.node`. A name that meets a list goes on
/// in each of its elements and gives the list of what it finds: `messages.nodes.text`. `@statements` is the number of SQL
/// statements the operation took.
package struct FieldPath: Hashable, Sendable, CustomStringConvertible {
  package var segments: [String]
  package var mark: Mark

  package init(segments: [String], mark: Mark) {
    self.segments = segments
    self.mark = mark
  }

  package var description: String { segments.joined(separator: ".") }

  /// The value at the path, `nil` where there is none.
  package func value(in data: JSON) -> JSON? { Self.value(in: data, at: segments[...]) }

  private static func value(in data: JSON, at segments: ArraySlice<String>) -> JSON? {
    guard let segment = segments.first else { return data }
    let rest = segments.dropFirst()
    switch data {
    case .object(let object): return object[segment].flatMap { value(in: $0, at: rest) }
    case .array(let elements):
      if let index = Int(segment) {
        return elements.indices.contains(index) ? value(in: elements[index], at: rest) : nil
      }
      var found: [JSON] = []
      for element in elements {
        guard let value = value(in: element, at: segments) else { continue }
        // A list within a list is not told apart: what matters along such a path is what is there, in order.
        if let inner = value.array, case .array = element[segment] ?? .null {
          found += inner
        } else {
          found.append(value)
        }
      }
      return .array(found)
    default: return nil
    }
  }
}

/// Keeps a value under a name for later steps.
package struct Capture: Sendable {
  package enum Source: Sendable {
    /// A path into the response or event of the step.
    case path(FieldPath)
    /// A value made of earlier ones.
    case template(Template)
  }

  package var name: String
  package var source: Source
  package var mark: Mark

  package init(name: String, source: Source, mark: Mark) {
    self.name = name
    self.source = source
    self.mark = mark
  }
}
