// Times as people read them, and how much is left.

/// A time as people read it: `0.8 s`, `12 s`, `3 min 20 s`, `1 h 05 min`.
public func readableDuration(seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
  if seconds < 0.0995 { return fixed(seconds * 1000, seconds < 0.00995 ? 1 : 0) + " ms" }
  if seconds < 9.95 { return fixed(seconds, 1) + " s" }
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
  return "\(whole / 3600) h \(two(whole % 3600 / 60)) min"
}

/// Estimates how long a piece of work will still take, from the share that is done.
///
/// The pace is that since the start: evaluation and checkpoints, which come in lumps, are spread over the whole.
public struct RemainingTime: Hashable, Sendable {
  /// The share that was done before the clock started: that of an earlier run.
  public var start: Double

  /// Creates an estimate.
  public init(start: Double = 0) { self.start = start }

  /// The seconds left.
  ///
  /// - Parameters:
  ///   - fraction: the share done, 0 … 1.
  ///   - elapsed: the seconds since the start.
  /// - Returns: infinity as long as nothing is done.
  public func seconds(at fraction: Double, after elapsed: Double) -> Double {
    fraction >= 1 ? 0 : fraction > start ? elapsed * (1 - fraction) / (fraction - start) : .infinity
  }
}
