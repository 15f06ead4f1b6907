import ArgumentParser
import Harness

struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print a schema.", subcommands: [GraphQLSchema.self, ScenarioFormat.self])

  struct GraphQLSchema: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "graphql", abstract: "The product's GraphQL schema, as SDL.")

    func run() async throws { Terminal.write(ScenarioSelection.sdl) }
  }

  struct ScenarioFormat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "scenario", abstract: "The scenario format, as a JSON Schema for editors.")

    func run() async throws { Terminal.write(ScenarioSelection.formatSchema) }
  }
}
