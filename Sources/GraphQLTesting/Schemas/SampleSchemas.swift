/// Schemas that between them have something of everything.
package enum SampleSchemas {
  package static let all: [(name: String, sdl: String)] = [
    ("pets", pets), ("characters", characters), ("nulls", nulls), ("inputs", inputs), ("shop", shop),
  ]

  /// Every kind of type, for the rules of validation.
  package static let pets = """
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

  /// Interfaces that implement interfaces, unions, enums.
  package static let characters = """
    type Query {
      hero(episode: Episode = JEDI): Character
      search(text: String!, first: Int = 3): [Result!]
      human(id: ID!): Human
      droid(id: ID!): Droid
      reviews(episode: Episode!): [Review]
      starship(id: ID!): Starship
    }
    type Mutation { createReview(episode: Episode, review: ReviewInput!): Review rename(id: ID!, name: String!): Character! }
    type Subscription { reviewAdded(episode: Episode): Review }
    enum Episode { NEWHOPE EMPIRE JEDI }
    enum LengthUnit { METER FOOT CUBIT @deprecated }
    interface Entity { id: ID! }
    interface Character implements Entity {
      id: ID! name: String! friends(first: Int): [Character] connection(first: Int, after: ID): FriendsConnection!
      appearsIn: [Episode]!
    }
    type Human implements Character & Entity {
      id: ID! name: String! homePlanet: String height(unit: LengthUnit = METER): Float mass: Float
      friends(first: Int): [Character] connection(first: Int, after: ID): FriendsConnection! appearsIn: [Episode]!
      starships: [Starship]
    }
    type Droid implements Entity & Character {
      id: ID! name: String! friends(first: Int, newer: Boolean = false): [Character]
      connection(first: Int, after: ID): FriendsConnection! appearsIn: [Episode]! primaryFunction: String
    }
    type FriendsConnection { totalCount: Int edges: [FriendsEdge] friends: [Character!] pageInfo: PageInfo! }
    type FriendsEdge { cursor: ID! node: Character }
    type PageInfo { startCursor: ID endCursor: ID hasNextPage: Boolean! }
    type Review { episode: Episode stars: Int! commentary: String }
    type Starship implements Entity { id: ID! name: String! length(unit: LengthUnit = METER): Float coordinates: [[Float!]!] }
    input ReviewInput { stars: Int! commentary: String favorite: ColorInput }
    input ColorInput { red: Int! green: Int! blue: Int! = 0 }
    union Result = Human | Droid | Starship
    """

  /// Null in every place where it may stand, and where it may not.
  package static let nulls = """
    schema { query: Root }
    type Root { a: Thing b: Thing! list: [Thing] mustList: [Thing]! listMust: [Thing!] mustMust: [Thing!]! any: Any some: [Any!] }
    interface Any { id: ID must: Any! deep: [[Any!]] }
    type Thing implements Any {
      id: ID mustID: ID! number: Int mustNumber: Int! numbers: [Int!] mustNumbers: [Int!]! matrix: [[Int!]!]
      kind: Kind mustKind: Kind! kinds: [Kind!] self: Thing must: Thing! deep: [[Any!]] things: [Thing!] all: [[Thing!]!]!
      text: String! float: Float! yes: Boolean! open: Open mustOpen: Open!
    }
    type Other implements Any { id: ID must: Any! deep: [[Any!]] other: Int! must2: Thing! }
    enum Kind { A B C }
    scalar Open
    """

  /// Arguments, input objects, defaults and custom scalars.
  package static let inputs = """
    "Takes everything."
    directive @mark(with: Deep, how: How = SLOW) repeatable on FIELD | QUERY | INLINE_FRAGMENT
    directive @once(x: [Int!]! = [1]) on FIELD | FRAGMENT_SPREAD | FRAGMENT_DEFINITION | MUTATION
    type Query {
      echo(
        int: Int, float: Float, string: String, boolean: Boolean, id: ID, how: How, any: Any, ints: [Int], mustInts: [Int!],
        matrix: [[Int]], deep: Deep, pick: Pick, mustPick: Pick
      ): String
      must(int: Int!, float: Float!, string: String! = "s", how: How!, deep: Deep!, list: [Deep!]! = [{ number: 1 }]): Int
      nested(deep: Deep = { number: 2, inner: { number: 3, how: [FAST] } }): Query2!
    }
    type Query2 { echo(deep: Deep, picks: [Pick!]): String other(any: Any = { a: [1, null] }): Any query: Query2 }
    type Mutation { set(deep: Deep!, pick: Pick!): Query2 set2(pick: Pick = { number: 7 }): String! }
    enum How { FAST SLOW SLOWEST }
    scalar Any @specifiedBy(url: "https://example.org/any")
    input Deep {
      number: Int! text: String = "t" numbers: [Int!] = [1, 2] inner: Deep list: [Deep] how: [How!]! = FAST id: ID any: Any
      float: Float = 1.5 flag: Boolean! = true pick: Pick
    }
    input Pick @oneOf { number: Int text: String deep: Deep hows: [How!] any: Any }
    """

  /// Root types of other names, extensions, deprecations.
  package static let shop = """
    schema { query: Store mutation: Change subscription: News }
    type Store { product(sku: ID!): Product products(filter: ProductFilter, sort: [Sort!] = [{ by: PRICE, descending: false }], first: Int = 2): ProductConnection! viewer: Customer }
    type Change { addToCart(input: AddToCartInput!): AddToCartPayload! empty: Cart! }
    type News { priceChanged(sku: ID, than: Range): Product! orderPlaced: Order }
    interface Item { sku: ID! title(language: String = "en"): String! price: Price! }
    interface Shippable implements Item { sku: ID! title(language: String = "en"): String! price: Price! weight: Float }
    type Price { amount: Int! currency: Currency! formatted(digits: Int = 2): String }
    enum Currency { EUR USD CHF }
    type Book implements Item & Shippable { sku: ID! title(language: String = "en"): String! price: Price! weight: Float pages: Int author: String! }
    type Download implements Item { sku: ID! title(language: String = "en"): String! price: Price! bytes: Float! url: Url! pages: Int! }
    union Product = Book | Download
    scalar Url
    scalar Price2
    type ProductConnection { edges: [ProductEdge!]! nodes: [Product]! totalCount: Int! pageInfo: PageInfo! }
    type ProductEdge { node: Product! cursor: String! }
    type PageInfo { hasNextPage: Boolean! endCursor: String }
    type Customer { name: String email: String @deprecated(reason: "Private") cart: Cart orders(since: Url, last: Int): [Order!]! }
    type Cart { lines: [Line!]! total: Price! }
    type Line { item: Item! count: Int! }
    type Order { id: ID! lines: [[Line!]] status: Status! placed: Url }
    enum Status { OPEN PAID SENT @deprecated BACK }
    input ProductFilter { text: String price: Range tags: [String!] or: [ProductFilter!] not: ProductFilter status: Status = OPEN }
    input Range { from: Int = 0 to: Int! }
    input Sort { by: SortKey! descending: Boolean = false }
    enum SortKey { PRICE TITLE }
    input AddToCartInput { sku: ID! count: Int! = 1 gift: Gift note: String }
    input Gift @oneOf { card: String wrap: Boolean }
    type AddToCartPayload { cart: Cart errors: [UserError!]! clientMutationId: String store: Store }
    type UserError { message: String! path: [String!] code: Code! }
    enum Code { SOLD_OUT UNKNOWN }
    """
}
