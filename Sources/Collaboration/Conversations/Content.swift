package import JSON
package import World

/// A piece of a message as it is stored.
package enum ContentNode: Hashable, Sendable {
  case text(String)
  case mention(ID)
  case link(url: String, text: String?)
  case code(String, language: String?)
}

/// A message's structured content: its limits, its stored form, and whom it mentions.
package struct Content: Hashable, Sendable {
  package static let nodeLimit = 200
  /// Most Unicode scalars of all nodes together.
  package static let lengthLimit = 20_000
  package static let mentionLimit = 50
  package static let languageLimit = 40

  package let nodes: [ContentNode]

  package init(nodes: [ContentNode]) { self.nodes = nodes }

  /// Everybody who is mentioned, once each, in the order of their first mention.
  package var mentionedUsers: [ID] {
    var seen: Set<ID> = []
    return nodes.compactMap { node in
      if case .mention(let user) = node, seen.insert(user).inserted { user } else { nil }
    }
  }

  /// The content as plain text.
  /// - Parameter name: the name of a mentioned user.
  package func plainText(name: (ID) -> String) -> String {
    var text = ""
    for node in nodes {
      switch node {
      case .text(let value): text += value
      case .mention(let user): text += "@" + name(user)
      case .link(let url, let label): text += label ?? url
      case .code(let code, _): text += code
      }
    }
    return text
  }
}

extension Content {
  /// Reads `[ContentNodeInput!]`, keeping every fault in `reader`.
  /// - Returns: `nil` when there is none, or when there were faults.
  package init?(_ input: JSON?, into reader: inout InputReader) {
    guard let elements = input?.array else { return nil }
    let before = reader.errors.count
    guard (1...Self.nodeLimit).contains(elements.count) else {
      let code: UserError.Code = elements.isEmpty ? .invalid : .tooLarge
      reader.fail(code, "'content' must have 1 to \(Self.nodeLimit) nodes.", ["content"])
      return nil
    }
    var nodes: [ContentNode] = []
    var length = 0
    for (index, element) in elements.enumerated() {
      guard let node = Self.node(element, at: index, into: &reader, length: &length) else { continue }
      nodes.append(node)
    }
    let hasSubstance = nodes.contains { node in
      if case .text(let text) = node { !TextRule(limit: .max).isBlank(text) } else { true }
    }
    if reader.errors.count == before {
      if length > Self.lengthLimit {
        reader.fail(.tooLarge, "'content' must have at most \(Self.lengthLimit) characters.", ["content"])
      } else if !hasSubstance {
        reader.fail(.invalid, "'content' must not be blank.", ["content"])
      }
    }
    guard reader.errors.count == before else { return nil }
    self.init(nodes: nodes)
    if mentionedUsers.count > Self.mentionLimit {
      reader.fail(.tooLarge, "'content' must mention at most \(Self.mentionLimit) people.", ["content"])
      return nil
    }
  }

  private static func node(
    _ input: JSON, at index: Int, into reader: inout InputReader, length: inout Int
  ) -> ContentNode? {
    let field = ["content", String(index)]
    func measured(_ text: String, _ name: String, limit: Int = lengthLimit) -> String {
      length += text.unicodeScalars.count
      reader.check(text, TextRule(limit: limit, mayBeBlank: true), name: name, field: field + [name])
      return text
    }
    if let text = input["text"]?.string {
      return .text(measured(text, "text"))
    }
    if let user = input["mention"]?.string {
      // What is not written like an id is as unknown as an id that nobody has.
      guard let id = ID(user) else {
        reader.fail(.cannotMention, Self.cannotMention, field + ["mention"])
        return nil
      }
      return .mention(id)
    }
    if let link = input["link"], let url = link["url"]?.string {
      if WebAddress.fault(in: url, schemes: WebAddress.linkSchemes) != nil {
        let schemes = WebAddress.linkSchemes.joined(separator: ", ")
        reader.fail(
          .invalid, "'url' must be an absolute URL (\(schemes)) of at most \(WebAddress.lengthLimit) bytes.",
          field + ["link", "url"])
      }
      length += url.utf8.count
      return .link(url: url, text: link["text"]?.string.map { measured($0, "text") })
    }
    if let code = input["code"], let text = code["code"]?.string {
      let language = code["language"]?.string.map { measured($0, "language", limit: languageLimit) }
      return .code(measured(text, "code"), language: language)
    }
    reader.fail(.invalid, "A node of 'content' must have exactly one of 'text', 'mention', 'link' and 'code'.", field)
    return nil
  }

  /// Says the same of strangers and of people that do not exist.
  package static let cannotMention = "This person cannot be mentioned here."
}

extension Content {
  /// The stored form: a JSON array of objects that name their type.
  package var stored: String {
    let elements = nodes.map { node -> JSON in
      switch node {
      case .text(let text): ["type": "text", "text": .string(text)]
      case .mention(let user): ["type": "mention", "user": .string(user.description)]
      case .link(let url, let text):
        ["type": "link", "url": .string(url), "text": text.map(JSON.string) ?? .null]
      case .code(let code, let language):
        ["type": "code", "code": .string(code), "language": language.map(JSON.string) ?? .null]
      }
    }
    return JSON.array(elements).text
  }

  /// Reads the stored form; a node that a later version wrote and this one does not know is left out.
  package init(stored: String) {
    let elements = (try? JSON.parse(stored))?.array ?? []
    nodes = elements.compactMap { element in
      switch element["type"]?.string {
      case "text": element["text"]?.string.map(ContentNode.text)
      case "mention": element["user"]?.string.flatMap { ID($0) }.map(ContentNode.mention)
      case "link": element["url"]?.string.map { .link(url: $0, text: element["text"]?.string) }
      case "code": element["code"]?.string.map { .code($0, language: element["language"]?.string) }
      default: nil
      }
    }
  }
}
