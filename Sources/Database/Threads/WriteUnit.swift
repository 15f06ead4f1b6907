/// A transaction's body on its way to the thread that runs it, and its caller, who waits.
protocol WriteUnit: AnyObject, Sendable {
  var name: String { get }
  /// Runs the body and keeps its result.
  /// - Returns: what it threw.
  func run(_ transaction: any Transaction) -> (any Error)?
  /// Resumes the caller: with the kept result, or with `failure`.
  func finish(_ failure: (any Error)?)
}

/// Only one thread has it at a time: the inbox hands it over.
final class PendingWrite<T: Sendable>: WriteUnit, @unchecked Sendable {
  let name: String
  private let body: @Sendable (any Transaction) throws -> T
  private let completion: @Sendable (Result<T, any Error>) -> Void
  private var result: Result<T, any Error>?

  init(
    _ name: String, _ body: @escaping @Sendable (any Transaction) throws -> T,
    completion: @escaping @Sendable (Result<T, any Error>) -> Void
  ) {
    self.name = name
    self.body = body
    self.completion = completion
  }

  func run(_ transaction: any Transaction) -> (any Error)? {
    do {
      result = .success(try body(transaction))
      return nil
    } catch {
      result = .failure(error)
      return error
    }
  }

  func finish(_ failure: (any Error)?) {
    if let failure { return completion(.failure(failure)) }
    completion(result ?? .failure(DatabaseError(.closed, "the transaction did not run", statement: name)))
  }
}
