/// Paths as the person wrote them, joined by text.
enum Paths {
  static func join(_ folder: String, _ name: String) -> String {
    if name.hasPrefix("/") || folder.isEmpty || folder == "." { return name }
    return folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// The folder that holds a file; "." where the path names none.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Resolves `.` and `name/..` by text: `Scenarios/functional/../actions` is `Scenarios/actions`.
  static func simplified(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    let joined = parts.joined(separator: "/")
    return path.hasPrefix("/") ? "/" + joined : (joined.isEmpty ? "." : joined)
  }

  /// The folder and those around it, outwards; beyond the working directory by `..`.
  static func outwards(from folder: String, limit: Int) -> [String] {
    var folders: [String] = []
    var current = simplified(folder)
    while folders.count < limit {
      folders.append(current)
      if current == "/" { break }
      current = simplified(current == "." ? ".." : current.hasSuffix("..") ? current + "/.." : Self.folder(of: current))
    }
    return folders
  }
}
