// An estimate of the remaining time.

/// Estimates the remaining time of a task from the share that is done.
///
/// The estimate uses the average speed since the start, which includes occasional work such as evaluation and
/// checkpoints.
public struct RemainingTime: Hashable, Sendable {
  /// The share that was done before the clock started, in an earlier run.
  public var start: Double

  /// Creates an estimate.
  public init(start: Double = 0) { self.start = start }

  /// The remaining time in seconds.
  ///
  /// - Parameters:
  ///   - fraction: the share that is done, 0 … 1.
  ///   - elapsed: the seconds since the start.
  /// - Returns: the seconds; infinity until some progress has been made.
  public func seconds(at fraction: Double, after elapsed: Double) -> Double {
    fraction >= 1 ? 0 : fraction > start ? elapsed * (1 - fraction) / (fraction - start) : .infinity
  }
}
