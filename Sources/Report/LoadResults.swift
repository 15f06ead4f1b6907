internal import Checks
package import Swarm

extension ScenarioResult {
  /// What a record keeps of this result, beside what it has measured.
  package func completing(_ record: LoadRecord) -> LoadRecord {
    var record = record
    record.status = status
    record.failures = failures
    record.notes = notes
    record.checks = checks.map {
      LoadRecord.CheckCount(name: $0.name, examined: $0.examined, violations: $0.violations)
    }
    return record
  }
}

/// How the generator fared, in one line.
func generatorLine(_ report: GeneratorReport) -> String {
  var parts = [
    "timers \(readable(report.lagHigh, unit: "ms")) late (p99)",
    "iterations \(readable(report.delayHigh, unit: "ms"))",
  ]
  if let share = report.processorShare { parts.append("\(fixed(share * 100, digits: 0)) % of the processors") }
  if let memory = report.memoryPerUser { parts.append("\(fixed(memory / 1024, digits: 1)) KiB for each virtual user") }
  return parts.joined(separator: ", ")
}

/// Why the numbers of a load say little about the server.
func distrust(_ report: GeneratorReport) -> String? {
  report.doubts.isEmpty ? nil : "its numbers are not to be trusted: \(report.doubts.joined(separator: "; "))"
}
