import ArgumentParser
import Harness

/// `rehearse serve keys`: the keys that customers' applications sign with.
struct Keys: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, add and revoke the keys that sign client tokens, while servers run.",
    discussion: """
      The database is the setting of 'rehearse serve': --database URL here, or a file or variable.

      To replace a key without a pause: add the new one, sign with it, revoke the old one.
      """,
    subcommands: [List.self, Add.self, Revoke.self, Assign.self])

  struct Application: ParsableArguments {
    @Option(help: "The application's name.") var application: String
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List applications, their organizations and keys.")
    @ParentCommand var serve: Serve

    func run() async throws { Terminal.write(try await KeyAdministration.perform(.list, at: serve.settings())) }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give an application one more key; the application is made when it is not there.")
    @ParentCommand var serve: Serve
    @OptionGroup var application: Application
    @Option(help: "What tokens name the key by, in the header 'kid'.") var key: String
    @Option(help: "A file that holds a secret of at least 32 bytes (HS256).", completion: .file())
    var secretFile: String?
    @Option(help: "A file that holds a PEM public key (RS256, EdDSA).", completion: .file())
    var publicKeyFile: String?

    func validate() throws {
      guard (secretFile == nil) != (publicKeyFile == nil) else {
        throw ValidationError("give one of '--secret-file' and '--public-key-file'")
      }
    }

    func run() async throws {
      let material: KeyAdministration.Material =
        if let publicKeyFile { .publicKey(file: publicKeyFile) } else { .secret(file: secretFile ?? "") }
      Terminal.write(
        try await KeyAdministration.perform(
          .add(application: application.application, kid: key, material), at: serve.settings()))
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End a key: no token that it signed is taken any more. Sessions that began with one go on.")
    @ParentCommand var serve: Serve
    @OptionGroup var application: Application
    @Option(help: "The key's name.") var key: String

    func run() async throws {
      Terminal.write(
        try await KeyAdministration.perform(
          .revoke(application: application.application, kid: key), at: serve.settings()))
    }
  }

  struct Assign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let an application's keys sign for an organization, and no other application's.")
    @ParentCommand var serve: Serve
    @OptionGroup var application: Application
    @Option(help: "The organization's slug.") var slug: String

    func run() async throws {
      Terminal.write(
        try await KeyAdministration.perform(
          .assign(application: application.application, organization: slug), at: serve.settings()))
    }
  }
}
