internal import Glibc

/// Where the server's programs are, and as whom they run.
struct PostgresInstallation: Sendable {
  /// The folder that holds `initdb` and `postgres`.
  let folder: String
  /// Whom to run as: Postgres refuses to run as root. `nil` is whoever we are.
  let account: Account?

  struct Account: Sendable {
    let name: String
    let user: UInt32
    let group: UInt32
  }

  /// - Throws: `EphemeralError` that names what to install.
  static func find() throws(EphemeralError) -> PostgresInstallation {
    guard let folder = candidates.first(where: isComplete) else {
      throw EphemeralError(
        "Postgres is not installed: install the package postgresql (apt-get install postgresql), or use SQLite")
    }
    guard geteuid() == 0 else { return PostgresInstallation(folder: folder, account: nil) }
    guard let account = ["postgres", "nobody"].lazy.compactMap(account).first else {
      throw EphemeralError("Postgres cannot run as root, and there is no user postgres or nobody to run it as")
    }
    guard setpriv != nil else {
      throw EphemeralError("Postgres cannot run as root: install the package util-linux, which has setpriv")
    }
    return PostgresInstallation(folder: folder, account: account)
  }

  /// The command line that runs a server program as the right user. The kernel ends it when the thread that started it
  /// ends, and so with us, even when we are killed.
  func command(_ program: String, _ arguments: [String]) -> [String] {
    let command = ["\(folder)/\(program)"] + arguments
    guard let setpriv = Self.setpriv else { return command }
    let user = account.map { ["--reuid=\($0.user)", "--regid=\($0.group)", "--clear-groups"] } ?? []
    return [setpriv] + user + ["--pdeathsig=SIGQUIT", "--"] + command
  }

  /// The command line of a helper that runs as we do. The kernel ends it with us too.
  func helper(_ command: [String]) -> [String] {
    guard let setpriv = Self.setpriv else { return command }
    return [setpriv, "--pdeathsig=SIGKILL", "--"] + command
  }

  /// The command of a server program over a data folder as a person types it.
  func shellCommand(_ program: String, data: String) -> String {
    let user = account.map { "runuser -u \($0.name) -- " } ?? ""
    return "\(user)\(shellWord("\(folder)/\(program)")) -D \(shellWord(data))"
  }

  /// Whether the server's user can get into a folder.
  func reaches(_ path: String) -> Bool {
    guard account != nil else { return true }
    var path = path[...]
    while let slash = path.lastIndex(of: "/") {
      guard Files.isOpenToAll(String(path)) else { return false }
      path = path[..<slash]
    }
    return true
  }

  /// Gives a folder of ours to whom the server runs as.
  func own(_ path: String) { if let account { chown(path, account.user, account.group) } }

  private static let setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].first(where: Files.isExecutable)

  private static var candidates: [String] {
    let path = (Files.environment("PATH") ?? "").split(separator: ":")
    let onPath = path.compactMap { Files.resolved("\($0)/initdb") }.compactMap { program in
      program.lastIndex(of: "/").map { String(program[..<$0]) }
    }
    let root = "/usr/lib/postgresql"
    let versions = Files.names(in: root).sorted { (Double($0) ?? 0) > (Double($1) ?? 0) }
    return onPath + versions.map { "\(root)/\($0)/bin" } + ["/usr/local/pgsql/bin"]
  }

  private static func isComplete(_ folder: String) -> Bool {
    Files.isExecutable("\(folder)/initdb") && Files.isExecutable("\(folder)/postgres")
  }

  private static func account(_ name: String) -> Account? {
    guard let entry = getpwnam(name) else { return nil }
    return Account(name: name, user: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
  }
}
