internal import GraphQL
internal import World

/// A piece of content as clients see it: people in place of their ids.
enum ContentPiece: Sendable {
  struct Text: Sendable { let text: String }
  struct Mention: Sendable { let user: UserRecord }
  struct Link: Sendable {
    let url: String
    let text: String?
  }
  struct Code: Sendable {
    let code: String
    let language: String?
  }

  case text(Text)
  case mention(Mention)
  case link(Link)
  case code(Code)
}

/// Everybody whom some messages mention, read in one statement, or in none when nobody is mentioned.
struct MentionedPeople: Sendable {
  /// Stands for somebody who is not there any more.
  static let nobody = "somebody"

  private var users: [ID: UserRecord] = [:]

  init(_ call: ProductCall<MessageRecord>) async throws {
    try await self.init(in: call.parents.map(\.visibleContent), call.context)
  }

  init(in contents: [Content], _ context: RequestContext) async throws {
    let ids = contents.flatMap(\.mentionedUsers).distinct
    guard !ids.isEmpty else { return }
    for user in try await context.reader().find(UserRecord.self, ids: ids) {
      if let user { users[user.id] = user }
    }
  }

  func name(_ user: ID) -> String { users[user]?.name ?? Self.nobody }

  func mentioned(in content: Content) -> [UserRecord] { content.mentionedUsers.compactMap { users[$0] } }

  func pieces(of content: Content) -> [ContentPiece] {
    content.nodes.map { node in
      switch node {
      case .text(let text): .text(.init(text: text))
      case .mention(let id):
        users[id].map { .mention(.init(user: $0)) } ?? .text(.init(text: "@" + Self.nobody))
      case .link(let url, let text): .link(.init(url: url, text: text))
      case .code(let code, let language): .code(.init(code: code, language: language))
      }
    }
  }
}
