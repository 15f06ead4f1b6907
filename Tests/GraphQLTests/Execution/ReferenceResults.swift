/// What graphql-core 3.2.8 (Python, a port of the reference implementation) answers to the schema and data of
/// ``ReferenceTests``, so that we need no Python to compare. Made by `reference_results.py` beside this file.
enum ReferenceResults {
  static let sdl = """
    type Query {
      hero(episode: Episode = JEDI): Character
      search(text: String!): [Result!]
      human(id: ID!): Human
      echo(int: Int = 7, list: [[Int!]], input: Filter, one: Choice, must: String! = "x"): String
      broken: Broken
      must: Broken!
    }
    type Mutation { rename(id: ID!, name: String!): Human! fail: Human! }
    interface Character { id: ID! name: String! friends: [Character] appearsIn: [Episode!]! }
    type Human implements Character {
      id: ID! name: String! friends: [Character] appearsIn: [Episode!]! height(unit: Unit = METER): Float
    }
    type Droid implements Character {
      id: ID! name: String! friends: [Character] appearsIn: [Episode!]! function: String @deprecated(reason: "Old")
    }
    type Broken {
      ok: Int! fails: Int failsMust: Int! again: Broken! maybe: Broken big: Int! wrong: Episode
      list: [Int!] nested: [[Int!]!]! items: [Broken!]
    }
    union Result = Human | Droid
    enum Episode { NEWHOPE EMPIRE JEDI }
    enum Unit { METER FOOT }
    input Filter { min: Int! = 0 tags: [String!] inner: Filter mood: Episode = EMPIRE id: ID }
    input Choice @oneOf { a: Int b: String }
    """

  /// A JSON array of queries, variables and results.
  // swift-format-ignore
  static let json = #"""
    [
      {"query": "{ hero { id name appearsIn } }", "variables": {}, "result": {"data": {"hero": {"id": "2", "name": "R2-D2", "appearsIn": ["NEWHOPE", "EMPIRE", "JEDI"]}}}},
      {"query": "{ hero(episode: NEWHOPE) { __typename friends { name ... on Droid { function } ... on Human { height } } } }", "variables": {}, "result": {"data": {"hero": {"__typename": "Human", "friends": [{"name": "R2-D2", "function": "Astromech"}, {"name": "Han", "height": null}, null]}}}},
      {"query": "query ($e: Episode) { hero(episode: $e) { name } }", "variables": {}, "result": {"data": {"hero": {"name": "R2-D2"}}}},
      {"query": "query ($e: Episode) { hero(episode: $e) { name } }", "variables": {"e": null}, "result": {"data": {"hero": null}}},
      {"query": "query ($e: Episode!) { hero(episode: $e) { name } }", "variables": {"e": "EMPIRE"}, "result": {"data": {"hero": {"name": "Han"}}}},
      {"query": "query ($e: Episode!) { hero(episode: $e) { name } }", "variables": {"e": "SITH"}, "result": {"data": null, "errors": [{"message": "Variable '$e' got invalid value 'SITH'; Value 'SITH' does not exist in 'Episode' enum.", "locations": [{"line": 1, "column": 8}]}]}},
      {"query": "query ($e: Episode!) { hero(episode: $e) { name } }", "variables": {"e": 3}, "result": {"data": null, "errors": [{"message": "Variable '$e' got invalid value 3; Enum 'Episode' cannot represent non-string value: 3.", "locations": [{"line": 1, "column": 8}]}]}},
      {"query": "query ($e: Episode!) { hero(episode: $e) { name } }", "variables": {}, "result": {"data": null, "errors": [{"message": "Variable '$e' of required type 'Episode!' was not provided.", "locations": [{"line": 1, "column": 8}]}]}},
      {"query": "{ search(text: \"a\") { ... on Character { name } ...h } } fragment h on Human { name height(unit: FOOT) friends { id } }", "variables": {}, "result": {"data": {"search": [{"name": "Han", "height": null, "friends": null}]}}},
      {"query": "{ search(text: \"zzz\") { __typename } a: human(id: 1) { id } b: human(id: \"2\") { id } }", "variables": {}, "result": {"data": {"search": [], "a": {"id": "1"}, "b": null}}},
      {"query": "{ echo }", "variables": {}, "result": {"data": {"echo": "{\"int\":7,\"must\":\"x\"}"}}},
      {"query": "{ echo(int: null, list: [[1, 2], null, 3], input: {tags: \"a\", inner: {min: 4}}, must: \"y\") }", "variables": {}, "result": {"data": {"echo": "{\"int\":null,\"list\":[[1,2],null,[3]],\"input\":{\"min\":0,\"tags\":[\"a\"],\"inner\":{\"min\":4,\"mood\":\"EMPIRE\"},\"mood\":\"EMPIRE\"},\"must\":\"y\"}"}}},
      {"query": "query ($i: Int, $f: Filter, $m: Int! = 3) { echo(int: $i, input: {inner: $f, min: $m, id: 12}, list: [[$m]]) }", "variables": {}, "result": {"data": {"echo": "{\"int\":7,\"list\":[[3]],\"input\":{\"min\":3,\"mood\":\"EMPIRE\",\"id\":\"12\"},\"must\":\"x\"}"}}},
      {"query": "query ($i: Int, $f: Filter) { echo(int: $i, input: {inner: $f}) }", "variables": {"i": null, "f": {"mood": null, "id": 5}}, "result": {"data": {"echo": "{\"int\":null,\"input\":{\"min\":0,\"inner\":{\"min\":0,\"mood\":null,\"id\":\"5\"},\"mood\":\"EMPIRE\"},\"must\":\"x\"}"}}},
      {"query": "query ($l: [[Int!]]) { echo(list: $l) }", "variables": {"l": 5}, "result": {"data": {"echo": "{\"int\":7,\"list\":[[5]],\"must\":\"x\"}"}}},
      {"query": "query ($l: [[Int!]]) { echo(list: $l) }", "variables": {"l": [[1, null], "x"]}, "result": {"data": null, "errors": [{"message": "Variable '$l' got invalid value None at 'l[0][1]'; Expected non-nullable type 'Int!' not to be None.", "locations": [{"line": 1, "column": 8}]}, {"message": "Variable '$l' got invalid value 'x' at 'l[1]'; Int cannot represent non-integer value: 'x'", "locations": [{"line": 1, "column": 8}]}]}},
      {"query": "query ($f: Filter) { echo(input: $f) }", "variables": {"f": {"min": null, "tags": ["a", 1], "inner": {"min": 1.5}}}, "result": {"data": null, "errors": [{"message": "Variable '$f' got invalid value None at 'f.min'; Expected non-nullable type 'Int!' not to be None.", "locations": [{"line": 1, "column": 8}]}, {"message": "Variable '$f' got invalid value 1 at 'f.tags[1]'; String cannot represent a non string value: 1", "locations": [{"line": 1, "column": 8}]}, {"message": "Variable '$f' got invalid value 1.5 at 'f.inner.min'; Int cannot represent non-integer value: 1.5", "locations": [{"line": 1, "column": 8}]}]}},
      {"query": "query ($f: Filter) { echo(input: $f) }", "variables": {"f": "text"}, "result": {"data": null, "errors": [{"message": "Variable '$f' got invalid value 'text'; Expected type 'Filter' to be a mapping.", "locations": [{"line": 1, "column": 8}]}]}},
      {"query": "query ($o: Choice) { echo(one: $o) }", "variables": {"o": {"a": 1}}, "result": {"data": {"echo": "{\"int\":7,\"one\":{\"a\":1},\"must\":\"x\"}"}}},
      {"query": "query ($s: String!) { echo(must: $s) }", "variables": {"s": null}, "result": {"data": null, "errors": [{"message": "Variable '$s' of non-null type 'String!' must not be null.", "locations": [{"line": 1, "column": 8}]}]}},
      {"query": "query ($s: String) { echo(must: $s) }", "variables": {"s": null}, "result": {"data": {"echo": null}, "errors": [{"message": "Argument 'must' of non-null type 'String!' must not be null.", "locations": [{"line": 1, "column": 33}], "path": ["echo"]}]}},
      {"query": "query ($s: String) { echo(must: $s) }", "variables": {}, "result": {"data": {"echo": "{\"int\":7,\"must\":\"x\"}"}}},
      {"query": "{ broken { ok fails } }", "variables": {}, "result": {"data": {"broken": {"ok": 1, "fails": null}}, "errors": [{"message": "No", "locations": [{"line": 1, "column": 15}], "path": ["broken", "fails"]}]}},
      {"query": "{ broken { ok failsMust } }", "variables": {}, "result": {"data": {"broken": null}, "errors": [{"message": "No", "locations": [{"line": 1, "column": 15}], "path": ["broken", "failsMust"]}]}},
      {"query": "{ broken { fails again { again { failsMust } } } }", "variables": {}, "result": {"data": {"broken": null}, "errors": [{"message": "No", "locations": [{"line": 1, "column": 12}], "path": ["broken", "fails"]}, {"message": "No", "locations": [{"line": 1, "column": 34}], "path": ["broken", "again", "again", "failsMust"]}]}},
      {"query": "{ broken { maybe { again { failsMust } } ok } }", "variables": {}, "result": {"data": {"broken": {"maybe": null, "ok": 1}}, "errors": [{"message": "No", "locations": [{"line": 1, "column": 28}], "path": ["broken", "maybe", "again", "failsMust"]}]}},
      {"query": "{ must { failsMust } }", "variables": {}, "result": {"data": null, "errors": [{"message": "No", "locations": [{"line": 1, "column": 10}], "path": ["must", "failsMust"]}]}},
      {"query": "{ a: broken { ok } must { again { ok big } } }", "variables": {}, "result": {"data": null, "errors": [{"message": "Int cannot represent non 32-bit signed integer value: 2147483648", "locations": [{"line": 1, "column": 38}], "path": ["must", "again", "big"]}]}},
      {"query": "{ broken { list } b: broken { nested } }", "variables": {}, "result": {"data": {"broken": {"list": null}, "b": null}, "errors": [{"message": "Int cannot represent non 32-bit signed integer value: 1099511627776", "locations": [{"line": 1, "column": 12}], "path": ["broken", "list", 1]}, {"message": "Int cannot represent non 32-bit signed integer value: 1099511627776", "locations": [{"line": 1, "column": 31}], "path": ["b", "nested", 1, 1]}]}},
      {"query": "{ broken { wrong ok items { ok maybe { failsMust } } } }", "variables": {}, "result": {"data": {"broken": {"wrong": null, "ok": 1, "items": [{"ok": 1, "maybe": null}, {"ok": 1, "maybe": null}]}}, "errors": [{"message": "Enum 'Episode' cannot represent value: 'PHANTOM'", "locations": [{"line": 1, "column": 12}], "path": ["broken", "wrong"]}, {"message": "No", "locations": [{"line": 1, "column": 40}], "path": ["broken", "items", 0, "maybe", "failsMust"]}, {"message": "No", "locations": [{"line": 1, "column": 40}], "path": ["broken", "items", 1, "maybe", "failsMust"]}]}},
      {"query": "{ broken { items { failsMust } } }", "variables": {}, "result": {"data": {"broken": {"items": null}}, "errors": [{"message": "No", "locations": [{"line": 1, "column": 20}], "path": ["broken", "items", 0, "failsMust"]}]}},
      {"query": "query ($yes: Boolean!, $no: Boolean = false) { hero { name @include(if: $no) id @skip(if: $yes) ... @include(if: $yes) { x: id name } } }", "variables": {"yes": true}, "result": {"data": {"hero": {"x": "2", "name": "R2-D2"}}}},
      {"query": "query ($yes: Boolean!, $no: Boolean = false) { hero { name @include(if: $no) id @skip(if: $yes) ... @include(if: $yes) { x: id name } } }", "variables": {"yes": false, "no": true}, "result": {"data": {"hero": {"name": "R2-D2", "id": "2"}}}},
      {"query": "mutation { a: rename(id: 1, name: \"x\") { name } b: rename(id: 3, name: \"y\") { id name } }", "variables": {}, "result": {"data": {"a": {"name": "x"}, "b": {"id": "3", "name": "y"}}}},
      {"query": "mutation { a: rename(id: 1, name: \"x\") { name } fail { name } b: rename(id: 3, name: \"y\") { id name } }", "variables": {}, "result": {"data": null, "errors": [{"message": "Cannot", "locations": [{"line": 1, "column": 49}], "path": ["fail"]}]}},
      {"query": "{ __typename __type(name: \"Droid\") { kind name interfaces { name } fields(includeDeprecated: true) { name isDeprecated deprecationReason type { kind name ofType { kind name } } } possibleTypes { name } } }", "variables": {}, "result": {"data": {"__typename": "Query", "__type": {"kind": "OBJECT", "name": "Droid", "interfaces": [{"name": "Character"}], "fields": [{"name": "id", "isDeprecated": false, "deprecationReason": null, "type": {"kind": "NON_NULL", "name": null, "ofType": {"kind": "SCALAR", "name": "ID"}}}, {"name": "name", "isDeprecated": false, "deprecationReason": null, "type": {"kind": "NON_NULL", "name": null, "ofType": {"kind": "SCALAR", "name": "String"}}}, {"name": "friends", "isDeprecated": false, "deprecationReason": null, "type": {"kind": "LIST", "name": null, "ofType": {"kind": "INTERFACE", "name": "Character"}}}, {"name": "appearsIn", "isDeprecated": false, "deprecationReason": null, "type": {"kind": "NON_NULL", "name": null, "ofType": {"kind": "LIST", "name": null}}}, {"name": "function", "isDeprecated": true, "deprecationReason": "Old", "type": {"kind": "SCALAR", "name": "String", "ofType": null}}], "possibleTypes": null}}}},
      {"query": "{ __type(name: \"Filter\") { kind inputFields { name defaultValue type { kind name ofType { name } } } enumValues { name } } c: __type(name: \"Result\") { possibleTypes { name } } d: __type(name: \"Nope\") { name } }", "variables": {}, "result": {"data": {"__type": {"kind": "INPUT_OBJECT", "inputFields": [{"name": "min", "defaultValue": "0", "type": {"kind": "NON_NULL", "name": null, "ofType": {"name": "Int"}}}, {"name": "tags", "defaultValue": null, "type": {"kind": "LIST", "name": null, "ofType": {"name": null}}}, {"name": "inner", "defaultValue": null, "type": {"kind": "INPUT_OBJECT", "name": "Filter", "ofType": null}}, {"name": "mood", "defaultValue": "EMPIRE", "type": {"kind": "ENUM", "name": "Episode", "ofType": null}}, {"name": "id", "defaultValue": null, "type": {"kind": "SCALAR", "name": "ID", "ofType": null}}], "enumValues": null}, "c": {"possibleTypes": [{"name": "Human"}, {"name": "Droid"}]}, "d": null}}},
      {"query": "{ __schema { queryType { name } mutationType { name } subscriptionType { name } } }", "variables": {}, "result": {"data": {"__schema": {"queryType": {"name": "Query"}, "mutationType": {"name": "Mutation"}, "subscriptionType": null}}}}
    ]
    """#
}
