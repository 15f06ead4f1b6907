import Harness
import Testing

@Suite struct KeyAdministrationTests {
  @Test("an operator adds, lists and revokes an application's keys, and mistakes are told")
  func keys() async throws {
    let folder = try TemporaryFolder()
    let url = "sqlite:\(folder.path)/product.sqlite"
    let settings = try ServeConfiguration(flags: [("database", [url])], file: nil, environment: [:])
    let secret = try folder.write("correct-horse-battery-staple-0123456789\n", as: "secret")
    let short = try folder.write("short\n", as: "short")
    func perform(_ deed: KeyAdministration.Deed) async throws -> String {
      try await KeyAdministration.perform(deed, at: settings)
    }
    func complaint(_ deed: KeyAdministration.Deed) async -> String {
      do { return "no complaint: \(try await perform(deed))" } catch { return "\(type(of: error)): \(error)" }
    }
    _ = try await SchemaMigration.perform(.up(to: nil), at: .url(url))
    #expect(try await perform(.list) == "no applications\n")
    let add = KeyAdministration.Deed.add(application: "crm", kid: "one", .secret(file: secret))
    #expect(try await perform(add) == "added key 'one' (HS256) to application 'crm'\n")
    _ = try await perform(.add(application: "crm", kid: "two", .secret(file: secret)))
    _ = try await perform(.revoke(application: "crm", kid: "one"))
    let lines = try await perform(.list).split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == "crm")
    #expect(lines[1].hasPrefix("  key one  HS256  added ") && lines[1].contains("  revoked "))
    #expect(lines[2].hasPrefix("  key two  HS256  added ") && !lines[2].contains("revoked"))
    #expect(!lines.joined().contains("horse"))
    let mistakes: [(KeyAdministration.Deed, String)] = [
      (add, "has a key 'one' already"), (.revoke(application: "crm", kid: "one"), "no key 'one' that could be revoked"),
      (.revoke(application: "cmr", kid: "one"), "there is no application 'cmr'"),
      (.assign(application: "crm", organization: "acme"), "there is no organization 'acme'"),
      (.add(application: "crm", kid: "three", .secret(file: short)), "must have at least 32 bytes"),
      (.add(application: "crm", kid: "three", .publicKey(file: secret)), "it is no PEM public key"),
      (.add(application: "crm", kid: "three", .secret(file: "/nowhere")), "cannot be read"),
    ]
    for (deed, expected) in mistakes {
      let told = await complaint(deed)
      #expect(told.hasPrefix("InputError: ") && told.contains(expected), "\(told)")
    }
  }
}
