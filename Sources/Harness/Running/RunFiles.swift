internal import Cryptography
internal import Report
internal import Scenario
internal import Swarm
internal import World

/// What a run reads and writes: the scenarios it chose, the terminal, and the files of its folder.
struct RunFiles: Sendable {
  /// Why there is nothing to play.
  struct Mistakes: Error {
    let text: String
  }

  private let options: RunOptions
  private let command: String
  private let inputs: RecordingFiles
  private let lines: SourceLines
  private let style: TerminalStyle
  let reporter: TerminalReporter

  init(_ options: RunOptions, command: String) {
    self.options = options
    self.command = command
    inputs = RecordingFiles(options.inputs)
    lines = SourceLines(options.inputs)
    style = TerminalStyle.detected(quiet: options.quiet, verbose: options.verbose)
    reporter = TerminalReporter(style: style, sourceLine: { [lines] in lines.line($0) }, write: { Terminal.write($0) })
  }

  /// The scenarios to play, or everything that is wrong with the files. None at all is a mistake too: never green on
  /// nothing.
  func choose(_ kind: ScenarioKind) throws -> Result<[Scenario], Mistakes> {
    let outcome = try ScenarioSelection.load(options.paths, files: inputs)
    if outcome.hasErrors { return .failure(Mistakes(text: outcome.text(color: style.colour))) }
    let selected = ScenarioSelection.select(outcome.scenarios, kind, tags: options.tags)
    // What is no server of ours may speak any schema.
    let speaksAny = options.target.map { !$0.usesSecrets } ?? false
    let ours = selected.filter { $0.schemaFile == nil || speaksAny }
    let chosen: [Scenario]
    do { chosen = try ScenarioFilter(options).apply(to: ours) } catch let error as InputError {
      return .failure(Mistakes(text: "error: \(error)\n"))
    }
    if ours.count < selected.count {
      let count = selected.count - ours.count
      Terminal.writeError(
        "note: \(count) scenario\(count == 1 ? " speaks a schema of its own and is" : "s speak schemas of their own and are")"
          + " not for this server\n")
    }
    if !outcome.diagnostics.isEmpty { Terminal.writeError(outcome.text(color: style.colour)) }
    if let target = options.target {
      let mistakes = TargetRules.mistakes(of: chosen, on: target)
      if !mistakes.isEmpty { return .failure(Mistakes(text: mistakes)) }
    }
    // The one place where time is scaled.
    guard chosen.isEmpty else { return .success(chosen.map { $0.scaled(by: options.timeScale) }) }
    let what = kind == .load ? "load scenario" : "functional scenario"
    let tags = options.tags.isEmpty ? "" : " with a tag of \(options.tags.joined(separator: ", "))"
    let grep = options.grep.map { " that '\($0)' matches" } ?? ""
    let failed = options.lastFailed ? " that failed in the latest run" : ""
    let paths = options.paths.joined(separator: ", ")
    return .failure(
      Mistakes(
        text: "error: no \(what)\(tags)\(grep)\(failed) among the \(Self.count(of: outcome.scenarios)) of \(paths)\n"))
  }

  /// "1 scenario", "12 scenarios".
  static func count(of scenarios: [Scenario]) -> String {
    "\(scenarios.count) scenario\(scenarios.count == 1 ? "" : "s")"
  }

  /// ", waits x 3", where they are multiplied.
  var scaleNote: String { options.timeScale == 1 ? "" : ", waits x \(options.timeScaleText)" }

  func makeFolder(at time: WallTime) throws -> RunFolder {
    let digits = time.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" }
    return try RunFolder(out: options.out, name: "\(digits.replacing("T", with: "-"))-\(command)")
  }

  /// Writes what is needed to play the run again.
  /// - Parameter seeds: schedules that a simulated run explores.
  /// - Throws: ``HarnessError`` when a file cannot be written.
  func record(_ scenarios: [Scenario], seed: UInt64, seeds: Int = 1, world: String, in folder: RunFolder) throws {
    try RunRecord.write(
      command: command, options: options, seed: seed, seeds: seeds, world: world, scenarios: scenarios,
      inputs: inputs.recorded, to: folder)
  }

  /// Says how the run ended, and writes the digest of `history.jsonl`, `summary.json`, `junit.xml`, `report.html`, and of
  /// loads `load.json` and an HdrHistogram log each.
  /// - Parameter history: the bytes of `history.jsonl`, which is there already.
  /// - Returns: their SHA-256.
  @discardableResult
  func finish(
    _ summary: RunSummary, history: [UInt8], loads: [LoadRecord] = [], folder: RunFolder
  ) throws -> String {
    // Before the files: whoever has waited for a run must see how it went, also where a file cannot be written.
    reporter.finished(summary)
    let digest = hexadecimal(sha256(history))
    try folder.write(Array("\(digest)\n".utf8), as: "history.sha256")
    try folder.write(summary.json, as: "summary.json")
    try folder.write(summary.junit, as: "junit.xml")
    let page = summary.html { lines.line($0) }
    try folder.write(page, as: "report.html")
    if !loads.isEmpty { try folder.write(LoadRecord.file(loads), as: "load.json") }
    for (index, load) in loads.enumerated() {
      try folder.write(load.histogramLog, as: index == 0 ? "load.hlog" : "load-\(index + 1).hlog")
    }
    if let path = options.json { try RunFolder.write(summary.json, to: path) }
    if let path = options.junit { try RunFolder.write(summary.junit, to: path) }
    if let path = options.html { try RunFolder.write(page, to: path) }
    if summary.world == "simulated" { reporter.say("history.jsonl: SHA-256 \(digest)") }
    reporter.say(
      "Written to \(folder.path): summary.json, junit.xml, report.html, history.jsonl"
        + (loads.isEmpty ? "" : ", load.json, load.hlog"))
    return digest
  }
}
