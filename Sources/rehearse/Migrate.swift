import ArgumentParser
import Harness

struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Move the schema of a database up or down, or tell where it stands.",
    subcommands: [Up.self, Down.self, Status.self])

  struct Location: ParsableArguments {
    @Option(help: ArgumentHelp("The database: postgres://… or sqlite:PATH.", valueName: "url"))
    var database: DatabaseChoice

    func url() throws -> String {
      guard case .url(let url) = database else {
        throw ValidationError("'--database' must be a URL here, postgres://… or sqlite:PATH, not '\(database.name)'")
      }
      return url
    }
  }

  struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Apply the steps that are missing.")
    @OptionGroup var location: Location
    @Option(help: "The last step to apply (default: the newest).") var to: Int?

    func run() async throws {
      Terminal.write(try await SchemaMigration.perform(.up(to: to), at: try location.url()))
    }
  }

  struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take back the steps after one.")
    @OptionGroup var location: Location
    @Option(help: "The step to go back to; 0 is before the first.") var to: Int

    func run() async throws {
      Terminal.write(try await SchemaMigration.perform(.down(to: to), at: try location.url()))
    }
  }

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List applied and pending steps.")
    @OptionGroup var location: Location

    func run() async throws {
      Terminal.write(try await SchemaMigration.perform(.status, at: try location.url()))
    }
  }
}
