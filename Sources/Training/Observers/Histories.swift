// The two observers that nearly every chart needs: losses and errors.

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

/// Keeps the record of every epoch, those of a resumed run included.
public final class ErrorHistory: ResumableObserver {
  /// The epochs so far.
  public private(set) var epochs: [EpochRecord] = []

  /// Creates an observer.
  public init() {}

  /// The test errors in percent, of the epochs that have one.
  public var testErrorPercents: [Double] { epochs.compactMap(\.testError).map { $0 * 100 } }

  public func trainingBegins(_ plan: TrainingPlan, model: Model) { epochs = plan.history }
  public func epochEnded(_ record: EpochRecord, trainer: Trainer) { epochs.append(record) }

  public var record: [EpochRecord] { epochs }

  public func restore(_ record: [EpochRecord], finishedEpochs finished: Int) { epochs = Array(record.prefix(finished)) }
}
