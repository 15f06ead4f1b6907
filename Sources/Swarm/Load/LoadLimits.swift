/// The limits of a load run that no file sets.
package enum LoadLimits {
  /// Failures that the outcome keeps; the metrics count them all.
  package static let failures = 20
  /// Between two progress reports, in the world's time.
  package static let progressInterval = Duration.seconds(1)
  /// How often the generator looks whether its timers are late.
  static let watchInterval = Duration.milliseconds(20)
  /// Iterations of one arrival rate that may wait for a virtual user; one more is dropped.
  static let waitingIterations = 100_000
  /// What an iteration that takes no time at all is made to last, so that a virtual user cannot spin.
  static let shortestIteration = Duration.milliseconds(1)
}
