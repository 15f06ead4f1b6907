internal import Client
internal import Collaboration
internal import Scenario

/// What is wrong with a setting's value; shows no part of one that is secret.
struct SettingFault: Error {
  let message: String
}

/// One setting of the server: its name, and how its text is read and shown.
struct Setting: Sendable {
  let name: String
  var isList = false
  /// Neither messages nor listings show the value.
  var isSecret = false
  /// The values as they are shown.
  let read: @Sendable (ServeOptions) -> [String]
  /// Sets the option; a list as a whole.
  let write: @Sendable ([String], inout ServeOptions) throws(SettingFault) -> Void

  /// `REHEARSAL_DRAIN_DEADLINE` for `drain-deadline`.
  var variable: String { Self.prefix + String(name.uppercased().map { $0 == "-" ? "_" : $0 }) }

  static let prefix = "REHEARSAL_"

  /// A setting of one value.
  private static func one(
    _ name: String, isSecret: Bool = false, _ show: @escaping @Sendable (ServeOptions) -> String,
    _ expected: String, _ set: @escaping @Sendable (String, inout ServeOptions) -> Bool
  ) -> Setting {
    Setting(name: name, isSecret: isSecret, read: { [show($0)] }) { values, options throws(SettingFault) in
      guard values.count == 1, let text = values.first else {
        throw SettingFault(message: "must be one value, not \(values.count)")
      }
      guard set(text, &options) else {
        throw SettingFault(message: "must be \(expected)" + (isSecret ? "" : ", not '\(text)'"))
      }
    }
  }

  static func text(_ name: String, _ path: any WritableKeyPath<ServeOptions, String> & Sendable) -> Setting {
    one(name, { $0[keyPath: path] }, "a text that is not empty") { text, options in
      options[keyPath: path] = text
      return !text.isEmpty
    }
  }

  static func integer(
    _ name: String, _ range: ClosedRange<Int>, _ path: any WritableKeyPath<ServeOptions, Int> & Sendable
  ) -> Setting {
    let expected =
      range.upperBound == .max ? "\(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
    return one(name, { String($0[keyPath: path]) }, "a whole number, \(expected)") { text, options in
      guard let value = Int(text), range.contains(value) else { return false }
      options[keyPath: path] = value
      return true
    }
  }

  static func factor(
    _ name: String, _ range: ClosedRange<Double>, _ path: any WritableKeyPath<ServeOptions, Double> & Sendable
  ) -> Setting {
    let (low, high) = (SettingText.number(range.lowerBound), SettingText.number(range.upperBound))
    return one(name, { SettingText.number($0[keyPath: path]) }, "a factor from \(low) to \(high), such as 1.1") {
      text, options in
      guard let value = Double(text), range.contains(value) else { return false }
      options[keyPath: path] = value
      return true
    }
  }

  static func flag(_ name: String, _ path: any WritableKeyPath<ServeOptions, Bool> & Sendable) -> Setting {
    one(name, { String($0[keyPath: path]) }, "true or false") { text, options in
      guard let value = Bool(text) else { return false }
      options[keyPath: path] = value
      return true
    }
  }

  static func duration(_ name: String, _ path: any WritableKeyPath<ServeOptions, Duration> & Sendable) -> Setting {
    one(name, { SettingText.duration($0[keyPath: path]) }, "a duration such as 250ms, 30s, 5m or 24h") {
      text, options in
      // A number alone is milliseconds, as `--presence-lease` always took it.
      guard let value = Quantities.duration(Int(text) == nil ? text : text + "ms") else { return false }
      options[keyPath: path] = value
      return true
    }
  }

  static func rate(_ name: String, _ path: any WritableKeyPath<ServeOptions, Double?> & Sendable) -> Setting {
    one(name, { $0[keyPath: path].map(SettingText.rate) ?? "off" }, "a rate such as 50/s or 600/m, or off") {
      text, options in
      let value = Quantities.rate(text)
      options[keyPath: path] = value
      return value != nil || text == "off"
    }
  }

  static func choice<T: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: any WritableKeyPath<ServeOptions, T> & Sendable
  ) -> Setting {
    let names = T.allCases.map(\.rawValue).joined(separator: ", ")
    return one(name, { $0[keyPath: path].rawValue }, "one of \(names)") { text, options in
      guard let value = T(rawValue: text) else { return false }
      options[keyPath: path] = value
      return true
    }
  }

  static func list(_ name: String, _ path: any WritableKeyPath<ServeOptions, [String]> & Sendable) -> Setting {
    Setting(name: name, isList: true, read: { $0[keyPath: path] }) { values, options throws(SettingFault) in
      if values.contains("") { throw SettingFault(message: "must have no empty value") }
      options[keyPath: path] = values
    }
  }

  static let database = Setting(
    name: "database", isSecret: true, read: { [SettingText.redacted($0.database)] },
    write: { values, options throws(SettingFault) in
      guard values.count == 1, let choice = values.first.flatMap({ DatabaseChoice($0) }) else {
        throw SettingFault(message: "must be sqlite, postgres, postgres://… or sqlite:PATH")
      }
      options.database = choice
    })

  static let webhook = Setting(
    name: "webhook", read: { [$0.webhook] },
    write: { values, options throws(SettingFault) in
      guard values.count == 1, let url = values.first else { throw SettingFault(message: "must be one URL") }
      do throws(ClientError) {
        if !url.isEmpty { _ = try WebhookClient.endpoint(url) }
      } catch { throw SettingFault(message: "cannot be taken: \(error)") }
      options.webhook = url
    })

  static let webhookSecret = one(
    "webhook-secret", isSecret: true, { $0.webhookSecret.isEmpty ? "" : SettingText.hidden },
    "a secret of at least \(Webhook.shortestSecret) bytes, or '@' and the file that holds it"
  ) { text, options in
    guard let secret = SettingText.secret(text) else { return false }
    options.webhookSecret = secret
    return text.isEmpty || secret.utf8.count >= Webhook.shortestSecret
  }

  static let metricsToken = one(
    "metrics-token", isSecret: true, { $0.metricsToken.isEmpty ? "" : SettingText.hidden },
    "a token, or '@' and the file that holds it"
  ) { text, options in
    guard let token = SettingText.secret(text), token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return false }
    options.metricsToken = token
    return true
  }

  static let organization = Setting(
    name: "organization", isList: true, isSecret: true,
    read: { $0.organizations.map { "\($0.slug)=\(SettingText.hidden)" } },
    write: { values, options throws(SettingFault) in
      var organizations: [ServeOptions.Organization] = []
      for text in values {
        guard let separator = text.firstIndex(of: "=") else {
          throw SettingFault(message: "must be <slug>=<secret>, or <slug>=@<file>; there is no '='")
        }
        let slug = String(text[..<separator])
        guard let secret = SettingText.secret(String(text[text.index(after: separator)...])) else {
          throw SettingFault(message: "of '\(slug)': the file that holds its secret cannot be read")
        }
        do throws(SeedError) { try Collaboration.checkOrganization(slug: slug, secret: Array(secret.utf8)) } catch {
          throw SettingFault(message: "cannot be taken: \(error)")
        }
        guard !organizations.contains(where: { $0.slug == slug }) else {
          throw SettingFault(message: "names '\(slug)' twice")
        }
        organizations.append(ServeOptions.Organization(slug: slug, secret: secret))
      }
      options.organizations = organizations
    })
}
