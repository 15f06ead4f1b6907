import GraphQL
import GraphQLTesting
import JSON
import World

/// Fuzzes one target for some time; the same seed gives the same inputs.
struct FuzzOptions {
  private let target: FuzzTarget
  private let seconds: Int
  private let seed: UInt64

  /// An input that takes longer counts as a hang: a thousand times what a usual one takes, and bearable under the
  /// address sanitizer on a busy machine.
  private static let patience = Duration.seconds(10)
  private static let maxFindings = 10

  init?(_ arguments: ArraySlice<String>) {
    var target: FuzzTarget?
    var seconds = 60
    var seed: UInt64 = 1
    var rest = arguments
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { return nil }
      switch option {
      case "--target": target = FuzzTarget(rawValue: value)
      case "--seconds": seconds = Int(value) ?? seconds
      case "--seed": seed = UInt64(value) ?? seed
      default: return nil
      }
    }
    guard let target else { return nil }
    self.target = target
    self.seconds = seconds
    self.seed = seed
  }

  func run() async {
    let world = World.live(seed: seed)
    let end = world.clock.now + .seconds(seconds)
    var count = 0
    var bytes = 0
    var slowest = Duration.zero
    var findings = 0
    do {
      let schemas = try SampleSchemas.all.map { try FuzzSchema($0.sdl) }
      var sources = schemas.enumerated().map { FuzzInputs(schema: $1.schema, seed: seed &+ UInt64($0)) }
      while world.clock.now < end, findings < Self.maxFindings {
        let number = count % schemas.count
        let input = sources[number].next(for: target)
        let began = world.clock.now
        var trouble: String?
        do { try await target.check(input.bytes, schemas[number], variables: input.variables) } catch {
          trouble = "\(error)"
        }
        let took = world.clock.now - began
        if took > Self.patience { trouble = "took \(took)" }
        if let trouble {
          findings += 1
          let text = String(decoding: input.bytes.prefix(2_000), as: UTF8.self)
          Output.line("finding \(findings) in \(SampleSchemas.all[number].name), input \(count): \(trouble)\n\(text)\n")
        }
        slowest = max(slowest, took)
        count += 1
        bytes += input.bytes.count
      }
    } catch {
      Output.error("\(error)\n")
      Output.exit(3)
    }
    Output.line(
      "\(target.rawValue): \(count) inputs, \(bytes) bytes, seed \(seed), slowest \(slowest.milliseconds) ms, "
        + "\(findings) findings")
    Output.exit(findings == 0 ? 0 : 1)
  }
}
