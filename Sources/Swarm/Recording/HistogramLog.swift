internal import World

extension LoadRecord {
  /// The durations second by second, in the HdrHistogram log format 1.3, for the tools that read it: a line for each metric
  /// and interval, tagged with the metric; values in microseconds, `Interval_Max` in milliseconds; UTF-8.
  package var histogramLog: [UInt8] {
    var text = "#[\(scenario.replacing("\n", with: " ")): durations in microseconds]\n"
    text += "#[Histogram log format version 1.3]\n"
    text += "#[StartTime: \(Self.thousandths(startedAt.milliseconds)) (seconds since epoch), \(startedAt.rfc3339)]\n"
    text += "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n"
    for interval in intervals {
      let start = Self.thousandths(interval.start.nanoseconds / 1_000_000)
      let length = Self.thousandths(interval.length.wholeNanoseconds / 1_000_000)
      for (metric, state) in interval.series where metric.kind == .duration {
        let most = Self.thousandths(Int64(clamping: state.maximum))
        text += "Tag=\(metric.rawValue),\(start),\(length),\(most),\(HistogramCodec.encode(state.values))\n"
      }
    }
    return Array(text.utf8)
  }

  /// A number of thousandths with its point: `1.250`.
  private static func thousandths(_ number: Int64) -> String {
    let (whole, rest) = max(number, 0).quotientAndRemainder(dividingBy: 1000)
    let digits = String(rest)
    return "\(whole)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
