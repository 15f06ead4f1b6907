internal import JSON
internal import Scenario
internal import Wire
internal import World

/// Makes a scenario's text of what clients did and saw: the same recording gives the same text.
///
/// Steps stand in the order in which requests were sent and events came. A value that a server made and a client used, or
/// that was seen again in an event, is captured where it first came out; what a client made itself stays as it is.
package struct ScenarioWriter {
  /// The most members of one answer that are looked at, fields that one expectation compares, and lines of notes.
  private static let leafLimit = 2_000
  private static let fieldLimit = 4
  private static let noteLimit = 20
  /// Longer texts of clients are not compared.
  private static let comparedLength = 100
  private static let lineLength = 110
  /// The type whose objects are people.
  private static let personType = "User"
  /// Seconds.
  private static let usualPatience = 5
  /// Milliseconds after which an event is not taken for a consequence of the last operation, and those of the longest
  /// timer of a server that is thought of.
  private static let promptness = 500.0
  private static let longestTimer = 30_000.0
  /// Values of this length are found within other texts too, such as URLs.
  private static let soughtLength = 16
  private static let searchedLength = 2_000

  /// Where a value first came out.
  private struct Origin {
    let step: Int
    let path: [String]
    let type: String?
    /// The type of the object that has it, and that object's name.
    let owner: String?
    let title: String?
    var name: String?
  }

  private let recorder: Recorder
  private var cast: Cast
  private var steps: [WrittenStep] = []
  private var made: [String: Origin] = [:]
  /// Those of them that are looked for within other texts, in the order in which they came.
  private var long: [String] = []
  /// Texts that clients made.
  private var sent: Set<String> = []
  private var keys: [String: String] = [:]
  /// Inboxes by the entry of their subscription, and those of each actor's connection.
  private var inboxes: [Int: String] = [:]
  private var taken: [String: [String: Int]] = [:]
  private let began: Instant?
  private var lastCause: Instant?
  private var patience = 0
  /// What stands in the file though the recording did not make it, and what was masked.
  private var foreign: [String] = []
  private var masked: [String] = []
  private(set) var operations = 0
  private(set) var events = 0

  private init(_ recorder: Recorder, _ entries: [Int]) {
    self.recorder = recorder
    cast = Cast(entries.map { recorder.entries[$0] }, recorder.identities)
    began = entries.first.map { recorder.entries[$0].at }
  }

  /// - Parameters:
  ///   - place: the target, as a note at the top names it.
  ///   - schema: for the file's key of that name.
  /// - Returns: `nil` when there is nothing to play.
  package static func scenario(of recorder: Recorder, place: String, schema: String? = nil) -> String? {
    let playable = Playable(recorder)
    guard playable.entries.contains(where: { recorder.entries[$0].call != nil }) else { return nil }
    var writer = ScenarioWriter(recorder, playable.entries)
    for index in playable.entries { writer.add(index) }
    return writer.text(place, schema, playable.leftOut)
  }

  private mutating func add(_ index: Int) {
    let entry = recorder.entries[index]
    let actor = cast.actor(entry)
    switch entry.what {
    case .connect:
      taken[actor] = [:]
      steps.append(WrittenStep(actors: [actor], bare: "connect"))
      lastCause = entry.at
    case .disconnect(let manner):
      // Who came and left without a word is no part of it.
      if let last = steps.last, last.bare == "connect", last.actors == [actor] {
        steps.removeLast()
        return
      }
      let how = manner == .close ? nil : "disconnect: { actor: \(actor), how: \(manner.rawValue) }"
      steps.append(WrittenStep(actors: [actor], bare: how ?? "disconnect"))
    case .closed(let code):
      // Others are those of a server that stops, a network that breaks, or a client that does not keep to the protocol.
      if let code, code == .forbidden || code.rawValue >= 4500 {
        expect("closed", [("code", "\(code)")], by: actor, entry)
      } else {
        steps.append(WrittenStep(actors: [actor], bare: "disconnect"))
      }
    case .operate(let call, let overSocket): operate(call, overSocket, entry, actor)
    case .subscribe(let call): subscribe(call, index, entry, actor)
    case .event(let subscription, let data):
      guard let inbox = inboxes[subscription], let call = recorder.entries[subscription].call else { return }
      let fields = fields(of: data, call.operation)
      events += 1
      expect(inbox, fields, by: actor, entry)
      keep(data, call.operation)
    case .ended(let subscription, let code):
      guard let inbox = inboxes[subscription] else { return }
      expect(
        "ended", [("inbox", inbox)] + (code.map { [("code", FlowText.text($0))] } ?? []), by: actor, entry)
    }
  }

  // What clients did

  private mutating func operate(_ call: RecordedCall, _ overSocket: Bool, _ entry: RecordedEntry, _ actor: String) {
    let action = call.operation.action
    var step = WrittenStep(actors: [actor])
    let moves = ["enterPage": "enter", "leavePage": "leave"]
    if overSocket, let verb = action.flatMap({ moves[$0] }), call.variables.count == 1,
      let only = call.variables.members.first
    {
      step.lines.append("\(verb): \(template(only.value, only.key))")
    } else {
      step.lines += face(call, action == nil ? (call.operation.kind == .mutation ? "mutate" : "query") : "do")
      if overSocket { step.lines.append("over: socket") }
    }
    let refusal = refusal(of: entry.answer)
    if let refusal { step.lines.append("fails: \(refusal)") }
    steps.append(step)
    operations += 1
    lastCause = entry.at
    if refusal == nil { keep(entry.answer?["data"] ?? .null, call.operation) }
  }

  private mutating func subscribe(_ call: RecordedCall, _ index: Int, _ entry: RecordedEntry, _ actor: String) {
    let refusal = refusal(of: entry.answer)
    if refusal == nil, let same = reopened(call, actor) {
      // A view that was left and entered again: the first subscription still brings what the second one would.
      inboxes[index] = inboxes[same]
      taken[actor]?[inboxes[same] ?? ""] = index
      return
    }
    var step = WrittenStep(actors: [actor], lines: face(call, "subscribe"))
    operations += 1
    lastCause = entry.at
    if let refusal {
      step.lines.append("fails: \(refusal)")
    } else {
      var inbox = call.operation.name
      var number = 2
      while taken[actor]?[inbox] != nil {
        inbox = "\(call.operation.name)-\(number)"
        number += 1
      }
      if call.operation.action != inbox { step.lines.append("inbox: \(inbox)") }
      inboxes[index] = inbox
      taken[actor, default: [:]][inbox] = index
    }
    steps.append(step)
  }

  /// The same subscription of the same connection, which the client has ended.
  private func reopened(_ call: RecordedCall, _ actor: String) -> Int? {
    (taken[actor] ?? [:]).values.sorted().first { index in
      let entry = recorder.entries[index]
      return entry.isCompleted && entry.call?.operation.text == call.operation.text
        && entry.call?.variables == call.variables
    }
  }

  /// The verb with the action or document, and the variables.
  private mutating func face(_ call: RecordedCall, _ verb: String) -> [String] {
    var lines: [String] = []
    if let action = call.operation.action {
      lines.append("\(verb): \(action)")
    } else {
      lines.append("\(verb): |")
      let text = recorder.secrets.masked(call.operation.text)
      lines += text.split(separator: "\n").map { "  \($0)" }
      if text != call.operation.text { note(&masked, "the text of \(call.operation.name)") }
    }
    guard !call.variables.isEmpty else { return lines }
    let members = call.given.map { (key: $0.name, value: template($0.value, $0.purpose)) }
    let line = "with: \(FlowText.mapping(members))"
    if line.count <= Self.lineLength { return lines + [line] }
    return lines + ["with:"] + members.map { "  \(FlowText.text($0.key)): \($0.value)" }
  }

  /// What a refused operation says, for `fails`.
  private func refusal(of answer: JSON?) -> String? {
    let payloads = answer?["data"]?.object?.members.map(\.value) ?? []
    let refusals = payloads.flatMap { $0["userErrors"]?.array ?? [] }
    guard let first = (answer?["errors"]?.array ?? []).first ?? refusals.first else { return nil }
    if let code = first["extensions"]?["code"]?.string ?? first["code"]?.string {
      return FlowText.text(recorder.secrets.masked(code))
    }
    let message = recorder.secrets.masked(first["message"]?.string ?? "")
    return "{ message: \(FlowText.text(message)) }"
  }

  // Values

  /// A variable's value, with what stands for values that the server made.
  private mutating func template(_ json: JSON, _ key: String) -> String {
    switch json {
    case .string(let text): return self.text(text, key)
    case .array(let elements): return FlowText.list(elements.map { template($0, key) })
    case .object(let object):
      // What is within a secret is secret.
      let isSecret = Secrets.isSecret(key) && !Secrets.isIdempotencyKey(key)
      return FlowText.mapping(
        object.members.map { (key: $0.key, value: template($0.value, isSecret ? key : $0.key)) })
    case .int, .double:
      guard Secrets.isSecret(key) else { return json.text }
      note(&masked, key)
      return FlowText.text(Secrets.mask)
    default: return json.text
    }
  }

  private mutating func text(_ text: String, _ key: String) -> String {
    if Secrets.isIdempotencyKey(key) {
      let known = keys[text] ?? "key-\(keys.count + 1)"
      keys[text] = known
      return FlowText.text(known)
    }
    if let reference = reference(to: text, isID: isIDName(key) || Self.isTime(text)) { return "\"${\(reference)}\"" }
    let open = recorder.secrets.masked(text)
    if Secrets.isSecret(key) || open != text {
      note(&masked, key)
      return FlowText.text(Secrets.isSecret(key) ? Secrets.mask : open)
    }
    var result = text.replacing("${", with: "$${")
    let people = cast.references.keys.sorted().filter { $0.utf8.count >= Self.soughtLength }
    for value in text.utf8.count < Self.searchedLength ? long + people : [] where text.contains(value) {
      guard let reference = reference(to: value, isID: true) else { continue }
      result = result.replacing(value, with: "${\(reference)}")
    }
    if !sent.contains(text), isIDName(key) || Self.isOpaque(text) && text.utf8.count >= Self.soughtLength {
      note(&foreign, "\(key) \(text)")
    }
    sent.insert(text)
    return FlowText.text(result)
  }

  /// Whether a variable of that name takes what servers make: ids and cursors.
  private func isIDName(_ key: String) -> Bool {
    ["id", "after", "before", "cursor"].contains(key)
      || ["Id", "Ids", "ID", "IDs", "Cursor"].contains { key.hasSuffix($0) }
  }

  /// The name under which a value of the server's is known, captured from now on if it was not.
  private mutating func reference(to value: String, isID: Bool) -> String? {
    if let person = cast.references[value] { return person }
    guard var origin = made[value] else { return nil }
    let mayBeID = isID && (Self.isTime(value) || isIDName(origin.path.last ?? ""))
    guard mayBeID || Self.isIdentifier(value, origin.type) else { return nil }
    if origin.owner == Self.personType, origin.path.last == "id" { return cast.meet(id: value, name: origin.title) }
    if origin.name == nil {
      let name = cast.names.take(Self.name(for: origin))
      origin.name = name
      made[value] = origin
      steps[origin.step].captures.append((name, origin.path.joined(separator: ".")))
    }
    return origin.name
  }

  /// `createThread.thread.id` is a `thread`; `messageAdded.id` and `thread.messages.nodes.0.id` are what their type says.
  private static func name(for origin: Origin) -> String {
    let words = origin.path.filter { Int($0) == nil && !["id", "nodes", "edges", "node"].contains($0) }
    let isNamed = origin.path.last != "id" || (words.count > 1 && !origin.path.contains { Int($0) != nil })
    guard !isNamed, let owner = origin.owner, let first = owner.first else { return words.last ?? "value" }
    return first.lowercased() + owner.dropFirst()
  }

  private static func isIdentifier(_ text: String, _ type: String?) -> Bool {
    switch type {
    case "ID": true
    case "Int", "Float", "Boolean", "DateTime": false
    default: isOpaque(text)
    }
  }

  /// Whether a text looks like what a machine made: with a digit, of few characters, and no time.
  private static func isOpaque(_ text: String) -> Bool {
    (8...200).contains(text.utf8.count) && text.utf8.contains(where: isDigit) && !text.contains("://") && !isTime(text)
      && text.utf8.allSatisfy { isDigit($0) || (0x61...0x7a).contains($0 | 0x20) || "_-:.=+/~".utf8.contains($0) }
  }

  /// Whether it begins as RFC 3339 has it.
  private static func isTime(_ text: String) -> Bool {
    let bytes = Array(text.utf8.prefix(11))
    return bytes.count == 11 && bytes[4] == 0x2d && bytes[7] == 0x2d && bytes[10] | 0x20 == 0x74
      && bytes[..<4].allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// Remembers where values came out, unless a client had said them before.
  private mutating func keep(_ data: JSON, _ operation: OperationBook.Entry) {
    let step = steps.count - 1
    for leaf in Self.leaves(of: data) {
      guard let text = leaf.value.string, !sent.contains(text) else { continue }
      if let known = made[text], known.step < step || known.path.count <= leaf.path.count { continue }
      let type = operation.type(at: leaf.path)
      guard type?.isEnumeration != true else { continue }
      if made[text] == nil, text.utf8.count >= Self.soughtLength, Self.isIdentifier(text, type?.name) {
        long.append(text)
      }
      made[text] = Origin(
        step: step, path: leaf.path, type: type?.name, owner: operation.type(at: leaf.path.dropLast())?.name,
        title: leaf.owner["name"]?.string)
    }
  }

  private struct Leaf {
    let path: [String]
    let value: JSON
    let owner: JSON
  }

  private static func leaves(of data: JSON) -> [Leaf] {
    var found: [Leaf] = []
    func walk(_ json: JSON, _ path: [String], _ owner: JSON) {
      guard found.count < leafLimit else { return }
      switch json {
      case .object(let object): for member in object.members { walk(member.value, path + [member.key], json) }
      case .array(let elements):
        for (index, element) in elements.enumerated() { walk(element, path + ["\(index)"], json) }
      default: found.append(Leaf(path: path, value: json, owner: owner))
      }
    }
    walk(data, [], .null)
    return found
  }

  // What they saw

  /// The fields of an event that will be the same when it is played: ids that are known, values of enumerations, and texts
  /// that a client had sent.
  private mutating func fields(of data: JSON, _ operation: OperationBook.Entry) -> [(key: String, value: String)] {
    var fields: [(key: String, value: String)] = []
    var seen: Set<String> = []
    let leaves = Self.leaves(of: data).filter { leaf in !leaf.path.contains { Int($0) != nil } }
    for leaf in leaves.sorted(by: { $0.path.count < $1.path.count }) where fields.count < Self.fieldLimit {
      guard let text = leaf.value.string, leaf.path.last != "__typename" else { continue }
      let type = operation.type(at: leaf.path)
      var value: String?
      if type?.isEnumeration == true {
        value = FlowText.text(text)
      } else if type == nil || type?.name == "ID" {
        value = reference(to: text, isID: false).map { "\"${\($0)}\"" }
      }
      if value == nil, sent.contains(text), text.utf8.count <= Self.comparedLength, !text.isEmpty,
        recorder.secrets.masked(text) == text
      {
        value = FlowText.text(text.replacing("${", with: "$${"))
      }
      if let value, seen.insert(value).inserted { fields.append((leaf.path.joined(separator: "."), value)) }
    }
    return fields
  }

  private mutating func expect(
    _ inbox: String, _ fields: [(key: String, value: String)], by actor: String, _ entry: RecordedEntry
  ) {
    var step = WrittenStep(actors: [actor], lines: ["expect: \(inbox)"])
    let line = "where: \(FlowText.mapping(fields))"
    if line.count > Self.lineLength {
      step.lines += ["where:"] + fields.map { "  \($0.key): \($0.value)" }
    } else if !fields.isEmpty {
      step.lines.append(line)
    }
    // What comes at once has a cause; what comes later has a timer, and nobody knows who wound it up.
    let sinceCause = lastCause.map { (entry.at - $0).milliseconds } ?? 0
    let sinceStart = began.map { (entry.at - $0).milliseconds } ?? 0
    let waited = sinceCause < Self.promptness ? 0 : max(sinceCause, min(sinceStart, Self.longestTimer))
    let within = max(Self.usualPatience, Int((waited / 500).rounded(.up)))
    patience += within - Self.usualPatience
    step.lines.append("within: \(within)s")
    steps.append(step)
  }

  // The file

  private func note(_ list: inout [String], _ text: String) {
    if !list.contains(text), list.count < Self.noteLimit { list.append(text) }
  }

  private func text(_ place: String, _ schema: String?, _ leftOut: [String: Int]) -> String {
    var notes = ["Recorded by 'rehearse record' from \(place)."]
    notes += leftOut.sorted { $0.key < $1.key }.map { "Left out: \($0.key) (\($0.value))." }
    if !masked.isEmpty {
      notes.append("Secret, and to be filled in where it says [redacted]: \(masked.joined(separator: ", "))")
    }
    if !foreign.isEmpty {
      notes.append("Used and not made by this recording, so the server must have it already:")
      notes += foreign.map { "  \($0)" }
    }
    var lines = notes.map { "# \($0.replacing("\n", with: " "))" }
    let names = cast.actorNames
    let people = names.count > 3 ? "\(names.count) actors" : names.joined(separator: ", ")
    lines.append("name: Recording of \(people)")
    lines.append("description: Clients did \(operations) operations and saw \(events) events.")
    lines.append("tags: [recorded]")
    lines.append("timeout: \(30 + steps.count / 10 + patience)s")
    if let schema { lines.append("schema: \(FlowText.text(schema))") }
    lines += cast.lines + ["steps:"] + WrittenStep.text(of: steps)
    return lines.joined(separator: "\n") + "\n"
  }
}
