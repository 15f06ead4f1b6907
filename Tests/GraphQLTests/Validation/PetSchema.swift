import GraphQL
import GraphQLTesting

/// A schema with something of every kind, for the rules of validation.
enum PetSchema {
  static let sdl = SampleSchemas.pets

  static let schema = Result { () throws(SchemaErrors) in
    try Schema.build([Source(name: "pets.graphqls", text: sdl)])
  }

  /// The errors of a document, a syntax error included.
  static func check(_ text: String) throws -> [GraphQLError] {
    let schema = try schema.get()
    do throws(GraphQLError) {
      return validate(try parseDocument(Source(text: text)), against: schema)
    } catch {
      return [error]
    }
  }
}
