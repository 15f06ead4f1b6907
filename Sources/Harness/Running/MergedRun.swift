internal import JSON
internal import Report
internal import Swarm
internal import World

/// Joins the run folders of all shards of a load run, and judges the thresholds of the whole.
package enum MergedRun {
  /// - Parameter options: where the reports go; its paths are the folders.
  /// - Throws: ``InputError`` when a folder is none, or a shard is missing or of another run.
  package static func perform(_ options: RunOptions) throws -> RunResult {
    let runs = try options.paths.map(StoredRun.init)
    guard let scale = runs.first?.timeScale, runs.allSatisfy({ $0.timeScale == scale }) else {
      throw InputError("The runs cannot be joined: they were played with different --time-scale.")
    }
    var groups: [(scenario: String, records: [LoadRecord])] = []
    for run in runs {
      guard !run.loads.isEmpty else { throw InputError("'\(run.path)' has no load.json: it holds no load run.") }
      for record in run.loads {
        if let index = groups.firstIndex(where: { $0.scenario == record.scenario }) {
          groups[index].records.append(record)
        } else {
          groups.append((record.scenario, [record]))
        }
      }
    }
    var merged: [LoadRecord] = []
    for group in groups {
      do throws(LoadRecordError) { merged.append(try LoadRecord.merged(group.records)) } catch {
        throw InputError("The runs cannot be joined: \(error.message).")
      }
    }
    let files = RunFiles(options, command: "merge")
    let folder = try files.makeFolder(at: World.live(seed: 0).clock.wall)
    let started = merged.map(\.startedAt).min()
    var summary = RunSummary(
      seed: merged.first?.seed ?? 0, database: runs.first?.summary["database"]?.string ?? "",
      world: runs.first?.summary["world"]?.string ?? "live", startedAt: started?.rfc3339,
      duration: merged.map(\.duration).max() ?? .zero, scenarios: merged.map(ScenarioResult.init))
    summary.timeScale = scale
    var history: [UInt8] = []
    for run in runs { history += try RunFolder.read("\(run.path)/history.jsonl") }
    try folder.write(history, as: "history.jsonl")
    try files.finish(summary, history: history, loads: merged, folder: folder)
    return .finished(summary)
  }
}
