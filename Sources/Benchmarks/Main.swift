import World

// benchmarks: how fast the GraphQL engine is, beside a baseline of the same run that does the least that must be done.
// docs/benchmarks.md reports and explains the figures.
//
//     swift run -c release benchmarks [SECONDS [NAME]]
// SECONDS for each measurement, 0.5 unless told; NAME is a part of the names of those to make.

@main
enum Main {
  static func main() async {
    let arguments = CommandLine.arguments.dropFirst()
    let seconds = arguments.first.flatMap { Double($0) } ?? 0.5
    let meter = Meter(world: World.live(seed: 1), time: .seconds(seconds), name: arguments.dropFirst().first ?? "")
    do {
      print(Meter.heading)
      try await measureDocuments(meter)
      try await measureExecution(meter)
    } catch {
      print("benchmarks: \(error)")
    }
  }
}
