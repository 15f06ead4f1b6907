import GraphQL
import JSON
import Scenario
import Testing

@Suite struct LoaderTests {
  @Test("a scenario becomes the model, step by step")
  func model() throws {
    let lab = Lab(
      """
      name: All of it
      tags: [smoke]
      timeout: 1m30s
      server: { presenceLease: 250ms }
      world: { organizations: { acme: [ada, grace], globex: { users: [eve], generate: 2 } } }
      actors: { phone: { user: grace } }
      steps:
        - connect: [ada, phone]
        - as: ada
          do: createThread
          with: { title: "Launch of ${ada.name}" }
          returns: { createThread.title: { contains: Launch, length: { atLeast: 3 } } }
          statements: { atMost: 12 }
          capture: { thread: createThread.id, n: "@statements" }
        - as: phone
          subscribe: messageAdded
          with: { threadId: "${thread}" }
          inbox: news
        - as: ada
          enter: https://acme.example/
        - as: phone
          expect: news
          where: { messageAdded.text: Hi }
          within: 2s
          exactly: 3
          inOrder: { messageAdded.sequence: [1, 2, 3] }
        - disconnect: { actor: phone, how: silent }
      """)
    let outcome = try lab.load()
    #expect(outcome.text() == "")
    let scenario = try #require(outcome.scenarios.first)
    #expect(scenario.timeout == .seconds(90))
    #expect(scenario.server.presenceLease == .milliseconds(250))
    #expect(scenario.actors.map(\.name) == ["ada", "grace", "eve", "phone"])
    #expect(scenario.organizations[1].users == ["eve", "user-0001", "user-0002"])
    #expect(Array(scenario.organizations[1].generatedUsers) == ["user-0001", "user-0002"])
    #expect(scenario.steps.count == 6)
    #expect(scenario.steps[1].mark.description == "s.yaml:9:5")
    #expect(scenario.steps[1].verbMark.description == "s.yaml:10:9")
    guard case .operate(let create) = scenario.steps[1].verb, case .subscribe(let news) = scenario.steps[2].verb,
      case .operate(let enter) = scenario.steps[3].verb, case .expect(let expectation) = scenario.steps[4].verb,
      case .disconnect(let manner) = scenario.steps[5].verb
    else {
      Issue.record("the steps have other verbs")
      return
    }
    #expect(create.channel == .http && create.captures.map(\.name) == ["thread", "n"])
    #expect(try create.variables.resolved { $0 == "ada.name" ? "Ada" : nil } == ["title": "Launch of Ada"])
    #expect(news.inbox == "news" && news.operation.operationName == "messageAdded")
    #expect(enter.channel == .socket && enter.operation.name == "enterPage")
    #expect(try enter.variables.resolved { _ in nil } == ["url": "https://acme.example/"])
    #expect(expectation.count == 3 && expectation.exactly && expectation.within == .seconds(2))
    #expect(try expectation.order?.values?.resolved { _ in nil } == [1, 2, 3])
    #expect(manner == .silent)
  }

  @Test("a load becomes the model with its defaults")
  func load() throws {
    let lab = Lab(
      """
      name: Load
      world: { organizations: { acme: { generate: 8 } } }
      load:
        organization: acme
        virtualUsers: 8
        party: { size: 4, setup: [{ do: createThread, with: { title: "Party ${party}" }, capture: { t: createThread.id } }] }
        start: [connect, { subscribe: messageAdded, with: { threadId: "${t}" } }]
        journey: [{ do: send, with: { threadId: "${t}", text: "${iteration} ${vu} ${actor.id}" } }, { expect: messageAdded }]
        executor: constant-arrival-rate
        rate: 120/m
        duration: 10s
      thresholds: { delivery_latency: ["p(95)<200", avg <= 50], errors: rate<0.01 }
      """)
    let outcome = try lab.load()
    #expect(outcome.text() == "")
    let load = try #require(outcome.scenarios.first?.load)
    #expect(load.profiles.first?.executor == .constantArrivalRate(rate: 2, duration: .seconds(10)))
    #expect(load.connectRate == 500 && load.gracefulStop == .seconds(5) && load.partySize == 4)
    #expect(load.allJourneys.first?.steps.count == 2 && load.start.count == 2 && load.partySetup.count == 1)
    let thresholds = outcome.scenarios.first?.thresholds ?? []
    #expect(thresholds.map(\.aggregate) == [.percentile(95), .average, .rate])
    #expect(thresholds.map(\.comparison) == [.less, .atMost, .less])
  }

  @Test("what a barrier waited for is there behind it, and what a branch made is there after it")
  func barriers() throws {
    let lab = Lab(
      scenario(
        """
          - parallel:
              - - { connect: ada }
                - { as: ada, do: createThread, with: { title: A }, capture: { thread: createThread.id } }
                - { barrier: made }
              - - { connect: grace }
                - { barrier: made }
                - { as: grace, subscribe: messageAdded, with: { threadId: "${thread}" } }
          - { as: grace, expect: messageAdded, where: { messageAdded.thread.id: "${thread}" } }
        """))
    // `thread` is a field that the action does not select: the only mistake.
    let problems = try lab.problems()
    #expect(problems == ["11:62 unknown-field"])
  }

  @Test("a mistake takes nothing with it: what a lost step would have made is not called missing")
  func noCascades() throws {
    let lab = Lab(
      scenario(
        """
          - connect: [ada, grcae]
          - { as: ada, do: createTread, with: { title: A }, capture: { thread: createThread.id } }
          - { as: ada, subscribe: messageAded, with: { threadId: "${thread}" }, inbox: news }
          - { as: ada, expect: news, where: { messageAdded.id: "${thread}" } }
        """))
    let problems = try lab.problems()
    #expect(problems == ["4:20 unknown-actor", "5:20 unknown-action", "6:27 unknown-action"])
  }

  @Test("an action's mistake is reported once, in its file, and not at the steps that use it")
  func brokenAction() throws {
    let actions =
      "query thread($id: ID!) {\n  thread(id: $id) { id tilte }\n}\nmutation createThread($title: String!) { createThread(title: $title) { id } }"
    let lab = Lab(
      scenario("  - { as: ada, do: thread, with: { id: '1' } }\n  - { as: ada, do: createThread, with: { title: A } }"),
      actions: actions)
    let outcome = try lab.load()
    #expect(outcome.diagnostics.map(\.mark.description) == ["actions/all.graphql:2:24"])
    #expect(outcome.scenarios.isEmpty)
  }

  @Test("an operation is sent with the fragments it uses, from whatever file, and with no others")
  func fragments() throws {
    var lab = Lab(scenario("  - { as: ada, do: a, with: { id: '1' } }"), actions: nil)
    lab.files["actions/a.graphql"] =
      "# First\nquery a($id: ID!) { thread(id: $id) { ...Short } }\n\n# Second\nfragment Long on Thread { ...Short title }"
    lab.files["actions/b.graphql"] =
      "query b($id: ID!) { thread(id: $id) { ...Long } }\nfragment Short on Thread { id }"
    let outcome = try lab.load()
    #expect(outcome.text() == "")
    let operations = outcome.scenarios.first?.actions.operations ?? [:]
    #expect(
      operations["a"]?.document
        == "query a($id: ID!) { thread(id: $id) { ...Short } }\n\nfragment Short on Thread { id }")
    #expect(operations["b"]?.document.contains("fragment Long") == true)
    #expect(operations["b"]?.document.contains("#") == false)
  }

  @Test("rules are read, and held against the actions")
  func rules() throws {
    var lab = Lab(scenario("  - connect: ada"))
    lab.files["actions/rules.yaml"] = """
      deliveries:
        - cause: send
          event: messageAdded
          when: { threadId: $threadId }
          recipients: send.message.mentions.id
          except: send.message.author.id
          id: { cause: send.message.id, event: messageAdded.id }
      orders:
        - { event: messageAdded, key: messageAdded.id, ascending: messageAdded.sequence }
      """
    let actions = try #require(try lab.load().scenarios.first?.actions)
    let rule = try #require(actions.deliveries.first)
    #expect(rule.when == [DeliveryRule.Pair(variable: "threadId", path: ["$threadId"])])
    let data: JSON = ["send": ["message": ["author": ["id": "a"], "mentions": [["id": "a"], ["id": "b"]]]]]
    #expect(rule.recipientIDs(causedBy: data, variables: [:]) == ["b"])
    #expect(actions.orders.map(\.ascending) == [["messageAdded", "sequence"]])

    lab.files["actions/rules.yaml"] = """
      deliveries:
        - cause: sned
          event: send
          when: { treadId: $x, threadId: $threadid }
          id: { cause: send.message.id, event: messageAdded.idd }
        - { cause: send, event: messageAdded, when: { treadId: $x }, id: { cause: send.mesage.id, event: messageAdded.id } }
      """
    let problems = try lab.problems()
    #expect(
      problems == [
        "2:12 unknown-action", "3:12 wrong-kind", "6:49 unknown-variable", "6:58 unknown-variable",
        "6:82 unknown-field",
      ])
  }

  @Test("a flow that nothing uses, whose expectations are never looked at, is a warning; in a file of flows it is not")
  func unused() throws {
    let flows =
      "flows: { idle: { steps: [{ as: ada, do: thread, with: { id: '1' }, returns: { thread.title: x } }] } }\n"
    var lab = Lab(flows + "feeders: { people: { file: p.csv } }\n" + scenario("  - connect: ada"))
    lab.files["p.csv"] = "name\nAda\n"
    lab.files["flows.yaml"] = flows
    let outcome = try Lab.loader(lab).load(paths: ["flows.yaml", "s.yaml"])
    #expect(
      outcome.diagnostics.map { "\($0.mark) \($0.severity) \($0.code)" } == [
        "s.yaml:1:10 warning unused", "s.yaml:2:12 warning unused",
      ])
    #expect(outcome.scenarios.count == 1 && !outcome.hasErrors)
  }

  @Test("flows that use each other many times, or deeply, are checked in bounded time")
  func flowBombs() throws {
    func flows(_ count: Int, times: Int) -> String {
      let chain = (0..<count).map { index in
        "  f\(index): { steps: [\(Array(repeating: "{ use: f\(index + 1) }", count: times).joined(separator: ", "))] }\n"
      }
      return "flows:\n" + chain.joined() + "  f\(count): { steps: [{ as: ada, do: thread, with: { id: '1' } }] }\n"
    }
    let wide = try Lab(flows(15, times: 9) + scenario("  - use: f0")).load()
    #expect(wide.text() == "")
    let deep = try Lab(flows(3_000, times: 1) + scenario("  - use: f0")).load()
    #expect(Set(deep.diagnostics.map(\.code)) == [.tooLarge])
  }

  @Test("paths that hold nothing are errors, for a run of nothing proves nothing")
  func nothing() throws {
    var lab = Lab("name: x", actions: nil)
    lab.files = ["empty/readme.md": "", "empty/deep/x.txt": ""]
    #expect(try lab.load("empty").diagnostics.map(\.code) == [.noScenarios])
    #expect(try lab.load("nowhere").diagnostics.map(\.code) == [.notFound])
    #expect(try lab.load("nowhere").text() == "nowhere: error: There is no such file or folder. [not-found]\n")
  }

  @Test("the nearest actions folder outwards is used, or the one that the file names")
  func folders() throws {
    var lab = Lab("", actions: nil)
    lab.files = [
      "a/actions/x.graphql": "query outer { viewer { id } }",
      "a/b/c/s.yaml": scenario("  - { as: ada, do: outer }"),
      "a/b/other/x.graphql": "query inner { viewer { name } }",
      "a/b/c/t.yaml": "actions: ../other\n" + scenario("  - { as: ada, do: inner }"),
      "a/b/c/u.yaml": "actions: ../nowhere\n" + scenario("  - { as: ada, do: inner }"),
    ]
    let outcome = try lab.load("a")
    #expect(outcome.files == ["a/b/c/s.yaml", "a/b/c/t.yaml", "a/b/c/u.yaml"])
    #expect(outcome.diagnostics.map(\.mark.description) == ["a/b/c/u.yaml:1:10"])
    #expect(outcome.scenarios.count == 2)
  }
}
