// How much time is left.

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
