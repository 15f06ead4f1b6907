import GraphQL

/// A schema with something of every kind, for the rules of validation.
enum PetSchema {
  static let sdl = """
    schema { query: Query mutation: Mutation subscription: Subscription }
    directive @note(text: String! = "x", level: Level, tags: [String!]) repeatable on
      QUERY | MUTATION | SUBSCRIPTION | FIELD | FRAGMENT_DEFINITION | FRAGMENT_SPREAD | INLINE_FRAGMENT
      | VARIABLE_DEFINITION
    directive @onField(first: Int!, second: Boolean) on FIELD
    scalar Time
    scalar Anything
    enum Level { LOW MIDDLE HIGH LOWEST }
    enum Color { RED GREEN BLUE }
    interface Node { id: ID! }
    interface Being { name(surname: Boolean): String related(first: Int = 10): [Being!] }
    interface Pet implements Being { name(surname: Boolean): String related(first: Int = 10): [Being!] owner: Human }
    type Dog implements Node & Being & Pet {
      id: ID!
      name(surname: Boolean): String
      nickname: String
      related(first: Int = 10): [Being!]
      owner: Human
      barks: Boolean!
      barkVolume: Int
      weight(unit: Level = LOW): Float
      knows(command: Level!, atOtherHomes: Boolean = true): Boolean
    }
    type Cat implements Node & Being & Pet {
      id: ID!
      name(surname: Boolean): String
      nickname: String
      related(first: Int = 10): [Being!]
      owner: Human
      meows: Boolean!
      meowVolume: Int
      weight: Int
    }
    type Human implements Node & Being {
      id: ID!
      name(surname: Boolean): String
      related(first: Int = 10): [Being!]
      pets(kind: Color, filter: PetFilter): [Pet]
      born: Time
      level: Level!
      matrix: [[Int!]]!
    }
    union CatOrDog = Cat | Dog
    union Anyone = Human | Dog
    input PetFilter {
      name: String
      level: Level = MIDDLE
      size: Range
      ids: [ID!]
      colors: [Color]
      required: Boolean!
      nested: PetFilter
      weight: Float = 1
      born: Time
      anything: Anything
    }
    input Range { from: Int! to: Int = 5 }
    input Choice @oneOf { byName: String byID: ID byRange: Range byLevels: [Level!] }
    type Query {
      node(id: ID!): Node
      dog(name: String, strict: Boolean = false): Dog
      cat: Cat
      pet(filter: PetFilter): Pet
      human(id: ID): Human
      catOrDog: CatOrDog
      anyone: Anyone
      beings(first: Int!, after: String): [Being!]!
      choose(by: Choice!): Pet
      complicated(
        int: Int, float: Float, string: String, boolean: Boolean, id: ID, level: Level, ints: [Int], levels: [Level!]!
          = [LOW],
        anything: Anything, time: Time, range: Range, matrix: [[Int!]!]
      ): String
      count: Int
    }
    type Mutation { rename(id: ID!, name: String!): Dog touch(range: Range!): Int! }
    type Subscription { petAdded(kind: Level): Pet messageAdded(thread: ID!): Human ticks: Int! }
    """

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
