private import Cryptography
internal import GraphQL
private import Synchronization
internal import Wire

/// Documents that clients may name by their SHA-256 instead of sending them.
package enum PersistedOperationsPolicy: Sendable {
  case off
  /// A client that sends a valid document together with its digest may later send the digest alone.
  case automatic
  /// These documents and no others may run, named by their digests or sent in exactly these words.
  case allowList([String])
}

/// Finds the document that a request means.
///
/// The cache has two generations: what is used moves to the young one; when that is full, the old one is forgotten.
final class PersistedOperations: Sendable {
  private struct Cache {
    var young: [String: String] = [:]
    var old: [String: String] = [:]
    var youngBytes = 0
  }

  private enum Mode {
    case off
    case automatic
    case allowList(documents: [String: String], texts: Set<String>)
  }

  private let mode: Mode
  private let countLimit: Int
  private let byteLimit: Int
  private let cache = Mutex(Cache())

  /// - Parameters:
  ///   - countLimit: the most documents that are kept for `.automatic`.
  ///   - byteLimit: the most bytes of documents that are kept for `.automatic`.
  init(_ policy: PersistedOperationsPolicy, countLimit: Int, byteLimit: Int) {
    self.countLimit = countLimit
    self.byteLimit = byteLimit
    switch policy {
    case .off: mode = .off
    case .automatic: mode = .automatic
    case .allowList(let texts):
      let documents = texts.map { (hexadecimal(sha256(Array($0.utf8))), $0) }
      mode = .allowList(documents: Dictionary(documents) { first, _ in first }, texts: Set(texts))
    }
  }

  /// The request that `parameters` mean, or the request error result that says why there is none.
  func request(for parameters: RequestParameters) -> Result<GraphQLRequest, GraphQLResult> {
    text(for: parameters).map { text in
      GraphQLRequest(
        query: text, operationName: parameters.operationName, variables: parameters.variables,
        extensions: parameters.extensions)
    }
  }

  private func text(for parameters: RequestParameters) -> Result<String, GraphQLResult> {
    switch (mode, parameters.query, parameters.digest) {
    case (.allowList(_, let texts), let query?, _):
      if texts.contains(query) { return .success(query) }
      return .failure(
        .requestError("Only operations of the server's allow list may run.", code: "OPERATION_NOT_ALLOWED"))
    case (.allowList(let documents, _), nil, let digest?): return Self.found(documents[digest])
    case (.automatic, let query?, let digest?):
      if hexadecimal(sha256(Array(query.utf8))) == digest { return .success(query) }
      return .failure(.requestError("provided sha does not match query", code: "BAD_REQUEST"))
    case (.automatic, nil, let digest?): return Self.found(find(digest))
    case (_, let query?, _): return .success(query)
    default: return .failure(.requestError("PersistedQueryNotSupported", code: "PERSISTED_QUERY_NOT_SUPPORTED"))
    }
  }

  private static func found(_ text: String?) -> Result<String, GraphQLResult> {
    // Clients look for these very words before they send the document itself.
    text.map(Result.success)
      ?? .failure(.requestError("PersistedQueryNotFound", code: "PERSISTED_QUERY_NOT_FOUND"))
  }

  /// Remembers the document of a request that has proved valid, if it came with its digest.
  func keep(_ parameters: RequestParameters) {
    guard case .automatic = mode, let digest = parameters.digest, let text = parameters.query else { return }
    cache.withLock { if $0.young[digest] == nil { insert(digest, text, &$0) } }
  }

  private func find(_ digest: String) -> String? {
    cache.withLock { cache in
      if let text = cache.young[digest] { return text }
      guard let text = cache.old[digest] else { return nil }
      insert(digest, text, &cache)
      return text
    }
  }

  private func insert(_ digest: String, _ text: String, _ cache: inout Cache) {
    let size = text.utf8.count
    guard size <= byteLimit / 2 else { return }
    if cache.young.count >= max(1, countLimit / 2) || cache.youngBytes + size > byteLimit / 2 {
      cache.old = cache.young
      cache.young = [:]
      cache.youngBytes = 0
    }
    cache.young[digest] = text
    cache.youngBytes += size
  }
}
