import World

// graphql-adapter: the engine behind standard input and output, for test corpora of other origin, and the driver that
// fuzzes it. What it speaks is described in `Protocol.swift`.

@main
enum Main {
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch arguments.first {
    case nil: await serveLines()
    case "fuzz"?:
      guard let options = FuzzOptions(arguments.dropFirst()) else { return usage() }
      await options.run()
    default: usage()
    }
  }

  private static func usage() {
    Output.error(
      """
      usage: graphql-adapter                     answers JSON lines on standard input
             graphql-adapter fuzz --target parser|validator|executor|json [--seconds N] [--seed S]

      """)
    Output.exit(2)
  }
}
