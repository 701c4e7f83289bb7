// The losses of a training; its errors are the trainer's history.

import NeuralNetworks

/// Keeps the loss of every step, or of every few.
public final class LossHistory: ResumableObserver {
  /// The steps kept.
  public private(set) var steps: [StepRecord] = []
  private let interval: Int

  /// Creates an observer that keeps one step out of `interval`.
  public init(every interval: Int = 1) { self.interval = max(1, interval) }

  /// The losses kept.
  public var losses: [Double] { steps.map(\.loss) }

  /// The losses as an exponential moving average with its start corrected; `smoothing` 0 leaves them as they are.
  public func smoothed(_ smoothing: Double = 0.98) -> [Double] {
    var (mean, weight) = (0.0, 0.0)
    return losses.map { loss in
      mean = smoothing * mean + (1 - smoothing) * loss
      weight = smoothing * weight + (1 - smoothing)
      return mean / weight
    }
  }

  public func stepEnded(_ step: StepRecord, model: inout Model) {
    if (step.globalStep - 1) % interval == 0 { steps.append(step) }
  }

  public var record: [StepRecord] { steps }

  public func restore(_ record: [StepRecord], finishedEpochs finished: Int) {
    steps = Array(record.prefix { $0.epoch <= finished })
  }
}
