"""Writes ReferenceResults.swift: what graphql-core answers to the queries below.

    python3 reference_results.py > ReferenceResults.swift
"""
import json

from graphql import GraphQLError, build_schema, graphql_sync

sdl = """\
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
schema = build_schema(sdl)
people = {
 '1': dict(__typename='Human', id='1', name='Luke', friends=['2','3',None], appearsIn=['NEWHOPE','JEDI'], height=1.75),
 '2': dict(__typename='Droid', id='2', name='R2-D2', friends=['1'], appearsIn=['NEWHOPE','EMPIRE','JEDI'], function='Astromech'),
 '3': dict(__typename='Human', id='3', name='Han', friends=None, appearsIn=['EMPIRE'], height=None),
}
def who(i): return None if i is None else people.get(i)
class Root:
  def hero(self, info, episode=None): return who({'NEWHOPE':'1','EMPIRE':'3','JEDI':'2'}.get(episode))
  def search(self, info, text): return [p for p in people.values() if text in p['name']]
  def human(self, info, id): return who(id) if id != '2' else None
  def echo(self, info, **args): return json.dumps(args, separators=(',',':'))
  def broken(self, info): return Broken()
  def must(self, info): return Broken()
  def rename(self, info, id, name): return dict(who(id), name=name)
  def fail(self, info): raise GraphQLError('Cannot')
class Broken:
  ok = 1
  def fails(self, info): raise GraphQLError('No')
  def failsMust(self, info): raise GraphQLError('No')
  def again(self, info): return Broken()
  def maybe(self, info): return Broken()
  big = 1 << 31
  wrong = 'PHANTOM'
  list = [1, 1 << 40, 3]
  nested = [[1], [2, 1 << 40]]
  def items(self, info): return [Broken(), Broken()]
for t in ('Human', 'Droid'):
  schema.type_map[t].fields['friends'].resolve = lambda p, info: None if p['friends'] is None else [who(i) for i in p['friends']]
schema.type_map['Human'].fields['height'].resolve = lambda p, info, unit=None: None if p['height'] is None else p['height'] * (4 if unit == 'FOOT' else 1)
cases = [
 ("{ hero { id name appearsIn } }", {}),
 ("{ hero(episode: NEWHOPE) { __typename friends { name ... on Droid { function } ... on Human { height } } } }", {}),
 ("query ($e: Episode) { hero(episode: $e) { name } }", {}),
 ("query ($e: Episode) { hero(episode: $e) { name } }", {"e": None}),
 ("query ($e: Episode!) { hero(episode: $e) { name } }", {"e": "EMPIRE"}),
 ("query ($e: Episode!) { hero(episode: $e) { name } }", {"e": "SITH"}),
 ("query ($e: Episode!) { hero(episode: $e) { name } }", {"e": 3}),
 ("query ($e: Episode!) { hero(episode: $e) { name } }", {}),
 ('{ search(text: "a") { ... on Character { name } ...h } } fragment h on Human { name height(unit: FOOT) friends { id } }', {}),
 ('{ search(text: "zzz") { __typename } a: human(id: 1) { id } b: human(id: "2") { id } }', {}),
 ("{ echo }", {}),
 ('{ echo(int: null, list: [[1, 2], null, 3], input: {tags: "a", inner: {min: 4}}, must: "y") }', {}),
 ('query ($i: Int, $f: Filter, $m: Int! = 3) { echo(int: $i, input: {inner: $f, min: $m, id: 12}, list: [[$m]]) }', {}),
 ('query ($i: Int, $f: Filter) { echo(int: $i, input: {inner: $f}) }', {"i": None, "f": {"mood": None, "id": 5}}),
 ('query ($l: [[Int!]]) { echo(list: $l) }', {"l": 5}),
 ('query ($l: [[Int!]]) { echo(list: $l) }', {"l": [[1, None], "x"]}),
 ('query ($f: Filter) { echo(input: $f) }', {"f": {"min": None, "tags": ["a", 1], "inner": {"min": 1.5}}}),
 ('query ($f: Filter) { echo(input: $f) }', {"f": "text"}),
 ('query ($o: Choice) { echo(one: $o) }', {"o": {"a": 1}}),
 ('query ($s: String!) { echo(must: $s) }', {"s": None}),
 ('query ($s: String) { echo(must: $s) }', {"s": None}),
 ('query ($s: String) { echo(must: $s) }', {}),
 ("{ broken { ok fails } }", {}),
 ("{ broken { ok failsMust } }", {}),
 ("{ broken { fails again { again { failsMust } } } }", {}),
 ("{ broken { maybe { again { failsMust } } ok } }", {}),
 ("{ must { failsMust } }", {}),
 ("{ a: broken { ok } must { again { ok big } } }", {}),
 ("{ broken { list } b: broken { nested } }", {}),
 ("{ broken { wrong ok items { ok maybe { failsMust } } } }", {}),
 ("{ broken { items { failsMust } } }", {}),
 ("query ($yes: Boolean!, $no: Boolean = false) { hero { name @include(if: $no) id @skip(if: $yes) ... @include(if: $yes) { x: id name } } }", {"yes": True}),
 ("query ($yes: Boolean!, $no: Boolean = false) { hero { name @include(if: $no) id @skip(if: $yes) ... @include(if: $yes) { x: id name } } }", {"yes": False, "no": True}),
 ('mutation { a: rename(id: 1, name: "x") { name } b: rename(id: 3, name: "y") { id name } }', {}),
 ('mutation { a: rename(id: 1, name: "x") { name } fail { name } b: rename(id: 3, name: "y") { id name } }', {}),
 ('{ __typename __type(name: "Droid") { kind name interfaces { name } fields(includeDeprecated: true) { name isDeprecated deprecationReason type { kind name ofType { kind name } } } possibleTypes { name } } }', {}),
 ('{ __type(name: "Filter") { kind inputFields { name defaultValue type { kind name ofType { name } } } enumValues { name } } c: __type(name: "Result") { possibleTypes { name } } d: __type(name: "Nope") { name } }', {}),
 ('{ __schema { queryType { name } mutationType { name } subscriptionType { name } } }', {}),
]
out = []
for query, variables in cases:
  r = graphql_sync(schema, query, Root(), variable_values=variables)
  out.append(dict(query=query, variables=variables, result=r.formatted))
lines = ",\n".join("      " + json.dumps(c) for c in out)
print('''/// What graphql-core 3.2.8 (Python, a port of the reference implementation) answers to the schema and data of
/// ``ReferenceTests``, so that we need no Python to compare. Made by `reference_results.py` beside this file.
enum ReferenceResults {
  static let sdl = """
%s    """

  /// A JSON array of queries, variables and results.
  // swift-format-ignore
  static let json = #"""
    [
%s
    ]
    """#
}
''' % (''.join('    '+l+'\n' for l in sdl.splitlines()), lines), end='')
