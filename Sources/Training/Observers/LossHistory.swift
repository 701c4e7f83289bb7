// The loss during training; the trainer's history contains the errors.

import NeuralNetworks

/// Records the loss of every step, or of one in several.
public final class LossHistory: ResumableObserver {
  /// The recorded steps.
  public private(set) var steps: [StepRecord] = []
  private let interval: Int

  /// Creates an observer that records one step in `interval`.
  public init(every interval: Int = 1) { self.interval = max(1, interval) }

  /// The recorded losses.
  public var losses: [Double] { steps.map(\.loss) }

  /// The exponential moving average of the losses, with bias correction; a `smoothing` of 0 leaves them unchanged.
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
