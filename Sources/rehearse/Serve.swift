import ArgumentParser
import Harness

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The collaboration server itself.",
    discussion: "SIGTERM drains: no new connections, what runs is finished, sockets are closed with 1001, exit code 0.")

  @OptionGroup var database: DatabaseOption

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 for any that is free.")
  var port = 4000

  @Flag(help: "Bring the schema of the database at a URL up to this build's first.")
  var migrate = false

  @Option(
    help: ArgumentHelp(
      "An organization to make when it is not there, with the secret of at least 32 bytes that signs its client "
        + "tokens; may be given several times.", valueName: "slug=secret"))
  var organization: [String] = []

  @Option(help: "Milliseconds that a silent connection keeps its presences (default: 30000).")
  var presenceLease: Int?

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("'--port' must be from 0 to 65535, not \(port)") }
    if let presenceLease { try requirePositive(presenceLease, "--presence-lease") }
    for text in organization where !text.contains("=") {
      throw ValidationError("'--organization' must be <slug>=<secret>; no '=' in '\(text)'")
    }
  }

  func run() async throws {
    var options = ServeOptions()
    options.host = host
    options.port = port
    options.database = database.database
    options.migrate = migrate
    options.presenceLease = presenceLease.map { .milliseconds($0) }
    for text in organization {
      guard let separator = text.firstIndex(of: "=") else { continue }
      options.organizations.append((String(text[..<separator]), String(text[text.index(after: separator)...])))
    }
    let chosen = options
    try await interruptible { try await Serving.perform(chosen) }
  }
}
