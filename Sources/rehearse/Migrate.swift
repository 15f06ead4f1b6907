import ArgumentParser
import Harness

struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Move the schema of a database up or down, or tell where it stands.",
    subcommands: [Up.self, Down.self, Status.self])

  struct Location: ParsableArguments {
    @Option(help: ArgumentHelp("The database: postgres://… or sqlite:PATH.", valueName: "url"))
    var database: DatabaseChoice

    func validate() throws {
      if case .url = database { return }
      throw ValidationError("'--database' must be a URL here, postgres://… or sqlite:PATH, not '\(database.name)'")
    }
  }

  struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Apply the steps that are missing.")
    @OptionGroup var location: Location
    @Option(help: "The last step to apply (default: the newest).") var to: Int?

    func run() async throws {
      Terminal.write(try await SchemaMigration.perform(.up(to: to), at: location.database))
    }
  }

  struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take back the steps after one.")
    @OptionGroup var location: Location
    @Option(help: "The step to go back to; 0 is before the first.") var to: Int

    func run() async throws {
      Terminal.write(try await SchemaMigration.perform(.down(to: to), at: location.database))
    }
  }

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List applied and pending steps.")
    @OptionGroup var location: Location

    func run() async throws {
      Terminal.write(try await SchemaMigration.perform(.status, at: location.database))
    }
  }
}
