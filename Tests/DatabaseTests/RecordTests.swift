import Database
import Testing
import World

@Suite(.timeLimit(.minutes(1))) struct RecordTests {
  @Test("records come back as they were written, whatever they hold", arguments: Kind.allCases)
  func roundTrip(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      var odd = Person.sample(3)
      odd.name = "Zoë \"'\\\u{1} 🦊"
      odd.photo = []
      odd.email = nil
      odd.score = 0.1
      let people = [odd] + (4..<140).map { Person.sample($0) }
      try await database.write("insert") { [odd] tx in
        try tx.insert(odd)
        try tx.insert(Array(people.dropFirst()))
      }
      #expect(try await database.select(Person.all.order(by: Person.id.ascending)) == people)
      #expect(try await database.find(Person.self, odd.id) == odd)
      #expect(try await database.find(Person.self, ID(high: 1, low: 1)) == nil)
    }
  }

  @Test("finding many takes one statement and answers in the order of the keys", arguments: Kind.allCases)
  func findMany(_ kind: Kind) async throws {
    try await withDatabase(kind) { base in
      let database = CountingDatabase(base)
      let people = (0..<5).map { Person.sample($0) }
      try await database.write("insert") { try $0.insert(people) }
      database.counter.reset()
      let missing = ID(high: 9, low: 9)
      let found = try await database.find(Person.self, ids: [people[3].id, missing, people[1].id, people[3].id])
      #expect(found == [people[3], nil, people[1], people[3]])
      #expect(database.counter.names == ["find many people"])
      #expect(try await database.find(Person.self, ids: [ID]()) == [])
    }
  }

  @Test("predicates, order and limit choose the rows", arguments: Kind.allCases)
  func select(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      try await database.write("insert") { tx in
        try tx.insert((0..<10).map { Person.sample($0, team: $0 % 3) })
        try tx.update(Person.self, set: Person.email.to(nil), where: Person.team == 2)
      }
      func names(_ selection: Selection<Person>) async throws -> [String] {
        try await database.select(selection.order(by: Person.id.ascending)).map { String($0.name.dropFirst(7)) }
      }
      #expect(try await names(Person.where(Person.email == nil)) == ["2", "5", "8"])
      #expect(try await names(Person.where(Person.email.isNotNull && Person.score >= 3)) == ["6", "7", "9"])
      #expect(try await names(Person.where(Person.score < 1 || Person.name == "Person 9")) == ["0", "1", "9"])
      #expect(try await names(Person.where(!Person.active.isIn([true]) && Person.team != 1)) == ["3", "5", "9"])
      #expect(try await names(Person.where(Person.email.isIn(["p3@example.org", "none"]))) == ["3"])
      #expect(try await names(Person.where(Person.team.isIn([]))) == [])
      let order = [Person.team.descending, Person.id.ascending]
      let first = try await database.select(Person.all.order(by: order).limit(2))
      #expect(first.map(\.name) == ["Person 2", "Person 5"])
      let position: [Value] = [.int(2), .id(Person.sample(5).id)]
      let next = try await database.select(Person.where(.after(position, in: order)).order(by: order).limit(3))
      #expect(next.map(\.name) == ["Person 8", "Person 1", "Person 4"])
      let back = [Person.team.descending, Person.id.descending]
      let before = try await database.select(Person.where(.after(position, in: back)).order(by: back).limit(2))
      #expect(before.map(\.name) == ["Person 2", "Person 7"])
    }
  }

  @Test("the first few of each group, and counts of each, take one statement", arguments: Kind.allCases)
  func groups(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      try await database.write("insert") { try $0.insert((0..<10).map { Person.sample($0, team: $0 % 3) }) }
      let latest = try await database.select(
        Person.where(Person.team.isIn([0, 2])).order(by: Person.id.descending).limit(2, per: Person.team))
      #expect(latest.map(\.name) == ["Person 9", "Person 6", "Person 8", "Person 5"])
      let counts = try await database.counts(Person.where(Person.score > 0), per: Person.team, [2, 7, 0])
      #expect(counts == [3, 0, 3])
      #expect(try await database.count(Person.where(Person.team == 1)) == 3)
    }
  }

  @Test("updates, upserts and deletions say what they changed", arguments: Kind.allCases)
  func writes(_ kind: Kind) async throws {
    try await withDatabase(kind) { database in
      try await database.write("all") { tx in
        var person = Person.sample(1)
        #expect(try tx.update(person) == false)
        #expect(try tx.insertIfAbsent(person))
        #expect(try tx.insertIfAbsent([person, Person.sample(2)]) == 1)
        person.name = "Renamed"
        #expect(try tx.update(person))
        person.team = 5
        try tx.upsert(person)
        #expect(try tx.find(Person.self, person.id) == person)
        try tx.upsert(
          Person(
            id: ID(high: 1, low: 1), name: "Other", email: person.email, team: 9, score: 0, active: true, photo: nil),
          onConflict: Person.email, set: Person.name.toInserted, Person.team.plus(2))
        let merged = try tx.find(Person.self, person.id)
        #expect(merged?.name == "Other")
        #expect(merged?.team == 7)
        #expect(try tx.update(Person.self, set: Person.team.plus(1), where: Person.score >= 0) == 2)
        #expect(try tx.delete(person))
        #expect(try tx.delete(person) == false)
        #expect(try tx.delete(Person.self, where: Person.team == 1) == 1)
        #expect(try tx.count(Person.all) == 0)
      }
    }
  }
}
