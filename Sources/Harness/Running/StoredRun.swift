internal import JSON
internal import Swarm

/// A run folder that an earlier command wrote.
struct StoredRun: Sendable {
  let path: String
  /// Of `summary.json`.
  let summary: JSON
  let loads: [LoadRecord]

  /// - Throws: ``InputError`` when it is no run folder of this build.
  init(_ path: String) throws {
    self.path = path
    do {
      guard let summary = try? JSON.parse(try RunFolder.read("\(path)/summary.json")), summary["scenarios"] != nil
      else {
        throw InputError("'\(path)/summary.json' is no summary of a run.")
      }
      self.summary = summary
      let file = "\(path)/load.json"
      guard RunFolder.exists(file) else {
        loads = []
        return
      }
      do throws(LoadRecordError) { loads = try LoadRecord.read(file: try Self.bytes(file)) } catch {
        throw InputError("\(file) cannot be used: \(error.message).")
      }
    } catch let error as HarnessError { throw InputError("'\(path)' is no folder of a run: \(error.message)") }
  }

  private static func bytes(_ file: String) throws(LoadRecordError) -> [UInt8] {
    (try? RunFolder.read(file)) ?? []
  }

  /// What its waits were multiplied by.
  var timeScale: Double { summary["timeScale"]?.number ?? 1 }

  /// The status of each scenario, in the order in which they were played; of repetitions, the worst.
  var statuses: [(scenario: String, status: String)] {
    var result: [(scenario: String, status: String)] = []
    for element in summary["scenarios"]?.array ?? [] {
      guard let name = element["name"]?.string, let status = element["status"]?.string, status != "skipped" else {
        continue
      }
      if let index = result.firstIndex(where: { $0.scenario == name }) {
        if status != "passed" { result[index].status = status }
      } else {
        result.append((scenario: name, status: status))
      }
    }
    return result
  }
}
