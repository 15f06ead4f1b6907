import World

// benchmarks: how fast the GraphQL engine is, beside a baseline of the same run that does the least that must be done.
// docs/benchmarks.md reports and explains the figures.
//
//     swift run -c release benchmarks [SECONDS [NAME]]
// SECONDS for each measurement, 0.5 unless told; NAME is a part of the names of those to make.
//     benchmarks nothing [PORT]             a GraphQL server that does nothing, for Benchmarks/generator.py
//     benchmarks connections PORT COUNT     what bare connections to it cost in memory

@main
enum Main {
  static func main() async {
    let arguments = CommandLine.arguments.dropFirst()
    let numbers = arguments.dropFirst().map { Int($0) ?? 0 }
    do {
      switch arguments.first {
      case "nothing": return try await Nothing.serve(port: numbers.first ?? 0)
      case "connections" where numbers.count == 2:
        return try await Nothing.connections(port: numbers[0], count: numbers[1])
      default: break
      }
    } catch { return print("benchmarks: \(error)") }
    let seconds = arguments.first.flatMap { Double($0) } ?? 0.5
    let meter = Meter(world: World.live(seed: 1), time: .seconds(seconds), name: arguments.dropFirst().first ?? "")
    do {
      print(Meter.heading)
      try await measureDocuments(meter)
      try await measureExecution(meter)
      try await measureProduct(meter)
    } catch {
      print("benchmarks: \(error)")
    }
  }
}
