/// Documents on ``PetSchema`` and what the rules say of them.
enum RuleCases {
  static let valid = [
    "{ dog { name } }",
    "query A { dog { ...F } } query B { cat { name } } fragment F on Pet { name ... on Dog { barks } }",
    "query Q($n: String = \"x\", $f: PetFilter) { dog(name: $n) { name } pet(filter: $f) { name } }",
    "query Q($first: Int!) { beings(first: $first) { ... on Dog { weight } } }",
    "query Q($with: Boolean = true) { dog @include(if: $with) { name } }",
    "{ catOrDog { ... on Dog { sound: barks } ... on Cat { sound: meows } } }",
    "{ choose(by: {byName: \"a\"}) { name } }",
    "query Q($id: ID!) { choose(by: {byID: $id}) { name } }",
    "{ complicated(ints: 1, levels: LOW, range: {from: 1}, float: 1, id: 5, anything: {a: [1, $x]}) }"
      .replacing("$x", with: "ANY"),
    "subscription S { petAdded(kind: LOW) { name } }",
    "{ __schema { types { name fields(includeDeprecated: true) { name } } } __type(name: \"Dog\") { name } }",
    "{ dog @note @note(text: \"twice\") { name @onField(first: 1) } }",
    "{ anyone { __typename ... on Node { id } } }",
  ]

  static let invalid: [(String, [String])] = [
    ("{ dog { name } } type Foo { a: Int }", [#"The "Foo" definition is not executable. (1:18)"#]),
    (
      "{ dog { name } } { cat { name } }".replacing("} {", with: "}\n{"),
      [
        "This anonymous operation must be the only defined operation. (1:1)",
        "This anonymous operation must be the only defined operation. (2:1)",
      ]
    ),
    ("query A { count } query A { count }", [#"There can be only one operation named "A". (1:7, 1:25)"#]),
    ("{ dog { meowVolume } }", [#"Cannot query field "meowVolume" on type "Dog". Did you mean "barkVolume"? (1:9)"#]),
    (
      "{ pet { nickname } }",
      [
        #"Cannot query field "nickname" on type "Pet". "#
          + #"Did you mean to use an inline fragment on "Cat" or "Dog"? (1:9)"#
      ]
    ),
    (
      "{ catOrDog { name } }",
      [
        #"Cannot query field "name" on type "CatOrDog". "#
          + #"Did you mean to use an inline fragment on "Being", "Pet", "Cat", or "Dog"? (1:14)"#
      ]
    ),
    ("{ ... on Level { x } }", [#"Fragment cannot condition on non composite type "Level". (1:10)"#]),
    (
      "{ dog { ...F } } fragment F on Time { x }",
      [
        #"Fragment "F" cannot condition on non composite type "Time". (1:32)"#
      ]
    ),
    ("{ dog(nam: 1) { name } }", [#"Unknown argument "nam" on field "Query.dog". Did you mean "name"? (1:7)"#]),
    (
      "{ count @skip(iff: true, if: true) }",
      [
        #"Unknown argument "iff" on directive "@skip". Did you mean "if"? (1:15)"#
      ]
    ),
    ("{ count @nope }", [#"Unknown directive "@nope". (1:9)"#]),
    ("query @skip(if: true) { count }", [#"Directive "@skip" may not be used on QUERY. (1:7)"#]),
    ("{ dog { ...Nope } }", [#"Unknown fragment "Nope". (1:12)"#]),
    ("query Q($a: Strin) { dog(name: $a) { name } }", [#"Unknown type "Strin". Did you mean "String"? (1:13)"#]),
    (
      "{ dog { ...A } } fragment A on Dog { ...B } fragment B on Dog { ...A }",
      [
        #"Cannot spread fragment "A" within itself via "B". (1:38, 1:65)"#
      ]
    ),
    ("query Q { dog(name: $a) { name } }", [#"Variable "$a" is not defined by operation "Q". (1:21, 1:1)"#]),
    ("{ count } fragment F on Dog { name }", [#"Fragment "F" is never used. (1:11)"#]),
    ("query Q($a: Int) { count }", [#"Variable "$a" is never used in operation "Q". (1:9)"#]),
    (
      "{ dog { x: name x: nickname } }",
      [
        #"Fields "x" conflict because "name" and "nickname" are different fields. "#
          + "Use different aliases on the fields to fetch both if this was intentional. (1:9, 1:17)"
      ]
    ),
    (
      "{ dog { knows(command: LOW) knows(command: HIGH) } }",
      [
        #"Fields "knows" conflict because they have differing arguments. "#
          + "Use different aliases on the fields to fetch both if this was intentional. (1:9, 1:29)"
      ]
    ),
    (
      "{ catOrDog { ... on Dog { weight } ... on Cat { weight } } }",
      [
        #"Fields "weight" conflict because they return conflicting types "Float" and "Int". "#
          + "Use different aliases on the fields to fetch both if this was intentional. (1:27, 1:49)"
      ]
    ),
    (
      "{ dog { owner { x: id } ...F } } fragment F on Dog { owner { x: name } }",
      [
        #"Fields "owner" conflict because subfields "x" conflict because "id" and "name" are different fields. "#
          + "Use different aliases on the fields to fetch both if this was intentional. (1:9, 1:17, 1:54, 1:62)"
      ]
    ),
    (
      "{ dog { ... on Cat { name } } }",
      [
        #"Fragment cannot be spread here as objects of type "Dog" can never be of type "Cat". (1:9)"#
      ]
    ),
    (
      "{ dog { ...F } } fragment F on Cat { name }",
      [
        #"Fragment "F" cannot be spread here as objects of type "Dog" can never be of type "Cat". (1:9)"#
      ]
    ),
    (
      "{ beings { name } }",
      [
        #"Field "beings" argument "first" of type "Int!" is required, but it was not provided. (1:3)"#
      ]
    ),
    (
      "{ count @include }",
      [
        #"Directive "@include" argument "if" of type "Boolean!" is required, but it was not provided. (1:9)"#
      ]
    ),
    (
      "{ dog }",
      [
        #"Field "dog" of type "Dog" must have a selection of subfields. Did you mean "dog { ... }"? (1:3)"#
      ]
    ),
    ("{ count { x } }", [#"Field "count" must not have a selection since type "Int" has no subfields. (1:9)"#]),
    (
      "subscription S { ticks petAdded { name } }",
      [
        #"Subscription "S" must select only one top level field. (1:24)"#
      ]
    ),
    (
      "subscription { __typename }",
      [
        "Anonymous Subscription must not select an introspection top level field. (1:16)"
      ]
    ),
    (
      "subscription S($a: Boolean!) { ticks @skip(if: $a) }",
      [
        #"Subscription "S" must not use `@skip` or `@include` directives in the top level selection. (1:38)"#
      ]
    ),
    ("{ dog(name: \"a\", name: \"a\") { name } }", [#"There can be only one argument named "name". (1:7, 1:18)"#]),
    (
      "{ count @skip(if: true) @skip(if: true) }",
      [
        #"The directive "@skip" can only be used once at this location. (1:9, 1:25)"#
      ]
    ),
    (
      "{ dog { ...F } } fragment F on Dog { name } fragment F on Dog { name }",
      [
        #"There can be only one fragment named "F". (1:27, 1:54)"#
      ]
    ),
    (
      "{ complicated(range: {from: 1, from: 1}) }",
      [
        #"There can be only one input field named "from". (1:23, 1:32)"#
      ]
    ),
    (
      "query Q($a: Int, $a: Int) { complicated(int: $a) }",
      [
        #"There can be only one variable named "$a". (1:10, 1:19)"#
      ]
    ),
    (
      "query Q($a: Dog) { count @note(text: $a) }",
      [
        #"Variable "$a" cannot be non-input type "Dog". (1:13)"#,
        #"Variable "$a" of type "Dog" used in position expecting type "String!". (1:9, 1:38)"#,
      ]
    ),
    (
      "query Q($a: String) { complicated(int: $a) }",
      [
        #"Variable "$a" of type "String" used in position expecting type "Int". (1:9, 1:40)"#
      ]
    ),
    (
      "{ complicated(int: \"1\", float: true, string: 1, boolean: 0, id: 1.5, level: \"LOW\", ints: [1, \"2\"]) }",
      [
        #"Int cannot represent non-integer value: "1" (1:20)"#,
        "Float cannot represent non numeric value: true (1:32)",
        "String cannot represent a non string value: 1 (1:46)",
        "Boolean cannot represent a non boolean value: 0 (1:58)",
        "ID cannot represent a non-string and non-integer value: 1.5 (1:65)",
        #"Enum "Level" cannot represent non-enum value: "LOW". Did you mean the enum value "LOW"? (1:77)"#,
        #"Int cannot represent non-integer value: "2" (1:94)"#,
      ]
    ),
    (
      "{ complicated(int: 2147483648, level: LOWE, range: {form: 1}) }",
      [
        "Int cannot represent non 32-bit signed integer value: 2147483648 (1:20)",
        #"Value "LOWE" does not exist in "Level" enum. Did you mean the enum value "LOW" or "LOWEST"? (1:39)"#,
        #"Field "Range.from" of required type "Int!" was not provided. (1:52)"#,
        #"Field "form" is not defined by type "Range". Did you mean "from"? (1:53)"#,
      ]
    ),
    ("{ node(id: null) { id } }", [#"Expected value of type "ID!", found null. (1:12)"#]),
    (
      "{ a: choose(by: {}) { name } b: choose(by: {byName: null}) { name } }",
      [
        #"OneOf Input Object "Choice" must specify exactly one key. (1:17)"#,
        #"Field "Choice.byName" must be non-null. (1:44)"#,
      ]
    ),
    (
      "query Q($n: String) { choose(by: {byName: $n}) { name } }",
      [
        #"Variable "n" must be non-nullable to be used for OneOf Input Object "Choice". (1:34)"#
      ]
    ),
    (
      "query Q($n: String) { ...F } fragment F on Query { choose(by: {byName: $n}) { name } }",
      [
        #"Variable "n" must be non-nullable to be used for OneOf Input Object "Choice". (1:63)"#
      ]
    ),
    (
      "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
      [
        "Maximum introspection depth exceeded (1:3)"
      ]
    ),
  ]
}
