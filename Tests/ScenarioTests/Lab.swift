import GraphQL
import Scenario

/// Files in memory, and a loader over them with a small schema.
struct Lab: ScenarioFiles {
  var files: [String: String] = [:]

  static let sdl = """
    type Query { thread(id: ID!): Thread, viewer: User! }
    type Mutation { createThread(title: String!): Thread!, send(input: SendInput!): SendPayload!, enter(url: String!): Thread }
    type Subscription { messageAdded(threadId: ID!): Message!, noticed: Message! }
    type Thread { id: ID!, title: String!, messages: [Message!]!, state: State! }
    type Message { id: ID!, sequence: Int!, text: String!, author: User!, thread: Thread!, mentions: [User!]! }
    type User { id: ID!, name: String! }
    type SendPayload { message: Message }
    enum State { OPEN CLOSED }
    input SendInput { threadId: ID!, text: String!, priority: Int, kind: State }
    """

  static let schema = Result { try Schema.build([Source(name: "lab", text: sdl)]) }

  static let actions = """
    mutation createThread($title: String!) { createThread(title: $title) { id title state } }
    mutation send($threadId: ID!, $text: String!, $priority: Int, $kind: State) {
      send(input: { threadId: $threadId, text: $text, priority: $priority, kind: $kind }) { message { ...Fields } }
    }
    mutation enterPage($url: String!) { enter(url: $url) { id } }
    query thread($id: ID!) { thread(id: $id) { id title messages { ...Fields } } }
    subscription messageAdded($threadId: ID!) { messageAdded(threadId: $threadId) { ...Fields } }
    subscription noticed { noticed { id } }
    fragment Fields on Message { id sequence text author { id name } mentions { id } }
    """

  /// - Parameter actions: of the folder `actions`; `nil` leaves the folder out.
  init(_ scenario: String, actions: String? = Lab.actions) {
    files["s.yaml"] = scenario
    if let actions { files["actions/all.graphql"] = actions }
  }

  func kind(of path: String) -> FileKind {
    if files[path] != nil { return .file }
    return files.keys.contains { $0.hasPrefix(path + "/") } ? .folder : .missing
  }

  func names(in folder: String) -> [String] {
    let prefix = folder == "." ? "" : folder + "/"
    let names = files.keys.filter { $0.hasPrefix(prefix) }.compactMap {
      $0.dropFirst(prefix.count).split(separator: "/").first.map(String.init)
    }
    return Array(Set(names))
  }

  func read(_ path: String, limit: Int) -> [UInt8]? { files[path].map { Array($0.utf8) } }

  func load(_ path: String = "s.yaml") throws -> LoadedScenarios {
    try Self.loader(self).load(paths: [path])
  }

  static func loader(_ files: any ScenarioFiles) throws -> ScenarioLoader {
    ScenarioLoader(schema: try schema.get(), files: files)
  }

  /// "line:column code" of everything that is wrong.
  func problems() throws -> [String] {
    try load().diagnostics.map { "\($0.mark.line):\($0.mark.column) \($0.code.rawValue)" }
  }
}

/// A scenario of these steps, from line 4 on, in a world of ada, grace and eve.
func scenario(_ steps: String) -> String {
  "name: x\nworld: { organizations: { acme: [ada, grace], globex: [eve] } }\nsteps:\n" + steps
}
