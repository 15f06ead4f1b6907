internal import JSON
internal import Scenario

/// The settings of a server, each with where it came from: a flag goes before the environment, that before the file, and
/// that before the default.
package struct ServeConfiguration: Sendable {
  let options: ServeOptions
  /// By name; what is not here is the default.
  private let origins: [String: String]

  /// Gathers the settings.
  /// - Parameters:
  ///   - flags: what the command line has, by the names of settings.
  ///   - file: the path of a file of settings; where it is `nil`, the environment may name one in `REHEARSAL_CONFIG`.
  ///   - environment: the process's variables; those that begin with `REHEARSAL_` are settings.
  /// - Throws: ``InputError`` that names every mistake and its place.
  package init(
    flags: [(name: String, values: [String])], file: String?, environment: [String: String]
  ) throws(InputError) {
    var gathering = Gathering()
    let fileVariable = Setting.prefix + "CONFIG"
    if let path = file ?? environment[fileVariable] { gathering.read(path) }
    for (variable, value) in environment.sorted(by: { $0.key < $1.key })
    where variable.hasPrefix(Setting.prefix) && variable != fileVariable {
      gathering.take(variable, value)
    }
    for (name, values) in flags {
      guard let setting = Settings.all.first(where: { $0.name == name }) else { continue }
      gathering.set(setting, values, from: "flag --\(name)") { "'--\(name)' \($0)" }
    }
    if gathering.faults.isEmpty, gathering.options.webhook.isEmpty != gathering.options.webhookSecret.isEmpty {
      gathering.faults.append("'webhook' and 'webhook-secret' go together, and only one of them is set")
    }
    if gathering.faults.isEmpty, gathering.options.slowdown > 1, case .url = gathering.options.database {
      gathering.faults.append(
        "'slowdown' is a fault to try a gate with: only on an ephemeral database, sqlite or postgres")
    }
    if gathering.faults.count == 1, let fault = gathering.faults.first { throw InputError(fault) }
    guard gathering.faults.isEmpty else {
      throw InputError(
        "the settings have \(gathering.faults.count) mistakes:\n" + gathering.faults.joined(separator: "\n"))
    }
    options = gathering.options
    origins = gathering.origins
  }

  private struct Gathering {
    var options = ServeOptions()
    var origins: [String: String] = [:]
    var faults: [String] = []

    mutating func set(
      _ setting: Setting, _ values: [String], from origin: String, _ complain: (String) -> String
    ) {
      do throws(SettingFault) {
        try setting.write(values, &options)
        origins[setting.name] = origin
      } catch { faults.append(complain(error.message)) }
    }

    mutating func read(_ path: String) {
      let file = SettingsFile.read(path, keys: Settings.names)
      // A line that cannot be read may hold a secret: it is not shown.
      faults += file.diagnostics.map { Self.text($0, nil) }
      for entry in file.entries {
        guard let setting = Settings.all.first(where: { $0.name == entry.key }) else { continue }
        set(setting, entry.values, from: "file \(entry.mark)") { message in
          let diagnostic = Diagnostic(
            mark: entry.mark, width: entry.width, code: .badValue, message: "'\(entry.key)' \(message).")
          return Self.text(diagnostic, setting.isSecret ? nil : file.source)
        }
      }
    }

    private static func text(_ diagnostic: Diagnostic, _ source: SourceText?) -> String {
      let text = diagnostic.text(source: source)
      // That it is an error is said before.
      let place = diagnostic.mark.line > 0 ? diagnostic.mark.description : diagnostic.mark.file
      let rest = text.dropFirst("\(place): error: ".count)
      return "\(place): \(rest.hasSuffix("\n") ? rest.dropLast() : rest)"
    }

    mutating func take(_ variable: String, _ value: String) {
      guard let setting = Settings.all.first(where: { $0.variable == variable }) else {
        let hint = Suggestion.hint(for: variable, among: Settings.all.map(\.variable))
        faults.append("there is no setting for the variable \(variable).\(hint)")
        return
      }
      let values = setting.isList ? value.split(separator: ",").map(String.init) : [value]
      set(setting, values, from: "environment \(setting.variable)") { "\(variable) \($0)" }
    }
  }

  /// How long an interrupted server may take to put itself away.
  package var patience: Duration { options.drainDeadline + .seconds(5) }

  /// Every setting with its value and where it came from, as a file of settings that says the same, but for secrets.
  package var text: String {
    Settings.all.map { setting in
      let values = setting.read(options).map(Self.scalar)
      let value = setting.isList ? "[\(values.joined(separator: ", "))]" : values.joined()
      let entry = "\(setting.name): \(value)"
      let gap = String(repeating: " ", count: max(2, 44 - entry.count))
      return "\(entry)\(gap)# \(origins[setting.name] ?? "default")\n"
    }.joined()
  }

  /// A YAML scalar: in quotes unless it needs none.
  private static func scalar(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "-")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "="): true
      default: false
      }
    }
    return isPlain && !text.isEmpty ? text : JSON.string(text).text
  }
}
