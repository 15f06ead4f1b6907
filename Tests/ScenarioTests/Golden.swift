import Glibc
import Testing

/// Text that is kept in a file and reviewed there. `UPDATE_GOLDEN=1 swift test` writes the files anew.
enum Golden {
  static func expect(_ text: String, isIn path: String, sourceLocation: SourceLocation = #_sourceLocation) {
    if getenv("UPDATE_GOLDEN") != nil, let file = fopen(path, "w") {
      defer { fclose(file) }
      fputs(text, file)
    }
    let kept = read(path)
    #expect(kept == text, "\(path) is not in step; UPDATE_GOLDEN=1 writes it anew", sourceLocation: sourceLocation)
  }

  static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk.prefix(count) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The repository's root.
  static var root: String {
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
  }
}
