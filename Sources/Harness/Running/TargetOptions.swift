internal import Client
internal import Collaboration
internal import Scenario

/// Somebody else's server, and how its people get in.
package struct TargetOptions: Sendable {
  /// The name that stands for every actor without a token of its own.
  private static let everybody = "*"

  let endpoint: Endpoint
  /// Organizations' secrets, by slug.
  let secrets: [String: [UInt8]]
  let headers: [(name: String, value: String)]
  /// How long the server may take for its first answer: it may have to be waked.
  package var firstAnswerLimit = Duration.seconds(15)
  private let tokens: [String: String]

  /// - Parameters:
  ///   - url: of the API; its path is `/graphql` where none is given.
  ///   - organizations: `SLUG=SECRET` or `SLUG=@FILE`, of a server that is ours.
  ///   - tokens: `ACTOR=TOKEN` or `ACTOR=@FILE`; the actor `*` is everybody else.
  ///   - headers: `Name: value`.
  /// - Throws: ``InputError`` that says which of them is wrong; it holds no secret.
  package init(url: String, organizations: [String], tokens: [String], headers: [String]) throws {
    do throws(ClientError) { endpoint = try Endpoint(url) } catch { throw InputError("--target: \(error.message).") }
    guard TransportSecurity.speaks(endpoint) else {
      throw InputError("--target: '\(url)' cannot be spoken to: \(TransportSecurity.absence).")
    }
    secrets = try Self.pairs(organizations, "--organization", "SLUG=SECRET").mapValues { Array($0.utf8) }
    for (slug, secret) in secrets.sorted(by: { $0.key < $1.key }) {
      do throws(SeedError) { try Collaboration.checkOrganization(slug: slug, secret: secret) } catch {
        throw InputError("--organization: \(error).")
      }
    }
    self.tokens = try Self.pairs(tokens, "--token", "ACTOR=TOKEN")
    self.headers = try headers.map { text in
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts.first.map(String.init) ?? ""
      let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
      let value = parts.last.map { String($0.drop { $0 == " " }) } ?? ""
      guard parts.count == 2, isName, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
        throw InputError("--header must be 'Name: value'.")
      }
      return (name, value)
    }
    guard secrets.isEmpty || (tokens.isEmpty && headers.isEmpty) else {
      throw InputError("--organization signs people in at a server of ours; it does not go with --token or --header.")
    }
  }

  /// The pairs of an option that is given several times.
  private static func pairs(_ texts: [String], _ option: String, _ form: String) throws -> [String: String] {
    var result: [String: String] = [:]
    for text in texts {
      guard let separator = text.firstIndex(of: "="), separator > text.startIndex else {
        throw InputError("\(option) must be \(form), or @FILE in the place of the secret.")
      }
      let name = String(text[..<separator])
      guard let value = SettingText.secret(String(text[text.index(after: separator)...])), !value.isEmpty else {
        throw InputError("\(option): what is given for '\(name)' is empty, or a file that cannot be read.")
      }
      guard result.updateValue(value, forKey: name) == nil else { throw InputError("\(option) names '\(name)' twice.") }
    }
    return result
  }

  var usesSecrets: Bool { !secrets.isEmpty }

  func token(of actor: String) -> String? { tokens[actor] ?? tokens[Self.everybody] }

  /// Why an actor could not get in; `nil` when they can.
  func refusal(of actor: String, in organization: String) -> String? {
    if usesSecrets {
      guard secrets[organization] == nil else { return nil }
      return
        "The target has no secret for the organization '\(organization)': give --organization \(organization)=@FILE."
    }
    guard token(of: actor) == nil, headers.isEmpty else { return nil }
    return "\(actor) cannot log in at the target: give --organization \(organization)=@FILE for a server of ours, or "
      + "--token or --header."
  }
}
