extension World {
  /// A seed that differs from run to run, for a live run that was given none. It is reported, so that the run can be
  /// played again.
  package static func freshSeed() -> UInt64 {
    let clock = LiveClock()
    let mixed = UInt64(truncatingIfNeeded: clock.wall.milliseconds) &* 1_000_003
    // Six digits: short enough to be read out.
    return (mixed ^ UInt64(truncatingIfNeeded: clock.now.nanoseconds)) % 1_000_000
  }
}
