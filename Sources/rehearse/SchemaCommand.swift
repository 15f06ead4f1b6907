import ArgumentParser
import Harness

struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print a schema.", subcommands: [GraphQLSchema.self])

  struct GraphQLSchema: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "graphql", abstract: "The product's GraphQL schema, as SDL.")

    func run() async throws { Terminal.write(ScenarioSelection.sdl) }
  }
}
