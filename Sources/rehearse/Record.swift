import ArgumentParser
import Harness

struct Record: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "A proxy that writes what real clients do as a scenario.",
    discussion: """
      Point clients at the address that it prints. Ctrl-C ends it and writes the file. Tokens and other secrets are never \
      written: actors log in by themselves.
      """)

  @Option(help: ArgumentHelp("The server before which it stands (http://host:port/path).", valueName: "url"))
  var target: String

  @Option(help: ArgumentHelp("Where clients come; port 0 for any that is free.", valueName: "host:port"))
  var listen = "127.0.0.1:0"

  @Option(help: "The scenario file to write.", completion: .file(extensions: ["yaml"]))
  var out = "recorded.yaml"

  @Option(help: "The file of the server's schema, where it is not a server of ours.", completion: .file())
  var schema: String?

  @Flag(help: "Overwrite the file.")
  var force = false

  @Flag(name: .shortAndLong, help: "Do not show what is recorded.")
  var quiet = false

  func run() async throws {
    let options = try RecordOptions(
      target: target, listen: listen, out: out, schema: schema, force: force, quiet: quiet)
    let verdict = try await interruptible { try await RecordingSession.perform(options) }
    if verdict != .passed { throw CommandEnd(verdict: verdict) }
  }
}
