// swift-tools-version: 6.2
import PackageDescription

// Every target of ours is held to the same rules.
let house: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOHTTP1", package: "swift-nio"),
]
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

// What runs once per run, or per test, costs more to optimise than it saves.
let cold = house + [.unsafeFlags(["-Onone"])]

func module(_ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = house) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: "\(name)Tests", dependencies: dependencies, exclude: exclude, swiftSettings: cold)
}

let package = Package(
  name: "rehearsal",
  products: [
    .executable(name: "rehearse", targets: ["rehearse"]),
    .executable(name: "graphql-adapter", targets: ["GraphQLAdapter"]),
    .executable(name: "benchmarks", targets: ["Benchmarks"]),
    .executable(name: "websocket-echo", targets: ["WebSocketEcho"]),
  ],
  traits: [
    .trait(name: "TLS", description: "Targets and webhooks of https and wss; brings BoringSSL, a minute of cold build.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CPostgres"),
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CCrypto"),
    .systemLibrary(name: "CGlibc"),
    module("World"),
    module("JSON"),
    module("Cryptography", ["CCrypto"]),
    module("Wire", ["Cryptography", "JSON"]),
    module("History", ["JSON", "World"]),
    module("GraphQL", ["JSON", "World"]),
    module("Database", ["World", "CPostgres", "CSQLite", "CGlibc", "Cryptography"]),
    module("Collaboration", ["GraphQL", "Database", "World", "JSON", "Cryptography"]),
    module("Server", ["Cryptography", "GraphQL", "Wire", "World", "JSON"] + nio),
    module(
      "Client",
      ["Wire", "World", "JSON", .product(name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["TLS"]))]
        + nio),
    module("Scenario", ["GraphQL", "JSON", yams]),
    module("Swarm", ["Scenario", "Client", "Cryptography", "Wire", "History", "World", "JSON"]),
    module("Checks", ["History", "Scenario", "JSON", "World"]),
    module("Simulation", ["Client", "Server", "Wire", "World"]),
    module("Report", ["Checks", "Swarm", "Scenario", "History", "JSON", "World"], settings: cold),
    module(
      "Harness",
      [
        "Checks", "Client", "Collaboration", "Cryptography", "Database", "GraphQL", "History", "JSON", "Report",
        "Scenario", "Server", "Simulation", "Swarm", "Wire", "World",
      ], settings: cold),
    .executableTarget(name: "rehearse", dependencies: ["Harness", arguments], swiftSettings: cold),
    // What tests, fuzzing and benchmarks of GraphQL share: generated documents and data.
    module("GraphQLTesting", ["GraphQL", "JSON", "World"]),
    .executableTarget(
      name: "GraphQLAdapter", dependencies: ["GraphQL", "GraphQLTesting", "JSON", "World"], swiftSettings: house),
    // Counts what benchmarks allocate.
    .target(name: "CAllocations"),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "CAllocations", "CGlibc", "Collaboration", "Cryptography", "Database", "GraphQL", "GraphQLTesting", "JSON",
        "Wire",
        "World", .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: house),
    .executableTarget(
      name: "WebSocketEcho",
      dependencies: [
        "Wire", .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: house),
    tests("World", ["World"]),
    tests("JSON", ["JSON"]),
    tests("Wire", ["Wire", "JSON"]),
    tests("History", ["History", "JSON", "World"]),
    tests("GraphQL", ["GraphQL", "GraphQLTesting", "JSON", "World"], exclude: ["Execution/reference_results.py"]),
    tests(
      "GraphQLConformance", ["Collaboration", "GraphQL", "GraphQLTesting", "JSON", "World"], exclude: ["reference.py"]),
    tests("Database", ["Database", "World"]),
    tests("Collaboration", ["Collaboration", "Cryptography", "Database", "GraphQL", "JSON", "World"]),
    tests("Server", ["Server", "Client", "Cryptography", "GraphQL", "JSON", "Wire", "World"] + nio),
    tests("Client", ["Client", "JSON", "Wire", "World"]),
    tests("Scenario", ["Scenario", "GraphQL", "JSON"]),
    tests(
      "Swarm",
      ["Swarm", "Checks", "Client", "GraphQL", "History", "JSON", "Report", "Scenario", "Simulation", "Wire", "World"]),
    tests("Checks", ["Checks", "History", "JSON", "Scenario", "World"]),
    tests("Report", ["Report", "Checks", "History", "JSON", "Scenario", "Swarm", "World"]),
    tests("Simulation", ["Simulation", "World"]),
    tests(
      "Harness",
      [
        "Harness", "Client", "Collaboration", "Cryptography", "Database", "GraphQL", "History", "JSON", "Report",
        "Scenario", "Server", "Wire", "World",
      ]),
  ]
)
