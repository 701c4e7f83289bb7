// The training loop.

import Datasets
import NeuralNetworks
import Tensors

/// Trains a model: batches in random order, forward, loss, backward, update.
///
///     var trainer = Trainer(model, loss: SoftmaxCrossEntropy(), optimizer: SGD(), schedule: ConstantRate(0.02),
///                           batchSize: 32, seed: 1)
///     try trainer.train(on: digits.train, testing: digits.test, epochs: 5)
///     trainer.history.last?.testError
///
/// All randomness of epoch e (the order of the samples, dropout, augmentation) is drawn from
/// `SeededGenerator(seed:, stream: e)`. An epoch therefore depends only on the model, the optimizer, the seed and the
/// epoch's number: a run that is stopped after any epoch and resumed gives the same bits as an uninterrupted run, and
/// any number of threads gives the same bits as one.
public struct Trainer: Sendable {
  /// The model, trained in place.
  public var model: Model
  /// The loss.
  public let loss: any Loss
  /// The optimizer, with its state.
  public var optimizer: any Optimizer
  /// The learning rate of each epoch.
  public let schedule: any Schedule
  /// The number of samples in one step. The last step of an epoch uses the remaining samples. A single remaining sample
  /// is added to the preceding step, because batch normalization cannot compute the variance of one value.
  public let batchSize: Int
  /// The seed of the order of the samples, of dropout and of augmentation.
  public let seed: UInt64

  /// Ends a run when the validation error has stopped improving; requires a validation set.
  public var earlyStopping: EarlyStopping?
  /// Changes each training image at random before it is used; validation and test images are not changed.
  public var augmentation: Augmentation?

  /// One record for each finished epoch, including those of earlier runs.
  public internal(set) var history: [EpochRecord] = []
  /// The values of the epoch with the lowest validation error; empty without early stopping.
  public internal(set) var bestState = StateDict()

  /// Creates a trainer.
  ///
  /// - Precondition: `batchSize` is positive.
  public init(
    _ model: Model, loss: any Loss, optimizer: any Optimizer, schedule: any Schedule, batchSize: Int, seed: UInt64
  ) {
    demand(batchSize > 0, "Trainer: the batch size must be positive, got \(batchSize)")
    self.model = model
    self.loss = loss
    self.optimizer = optimizer
    self.schedule = schedule
    self.batchSize = batchSize
    self.seed = seed
  }

  /// The progress of a run.
  public struct Progress: Hashable, Sendable {
    /// The epoch, counted from 1.
    public var epoch: Int
    /// The total number of epochs.
    public var epochs: Int
    /// The step within the epoch, counted from 1.
    public var step: Int
    /// The number of steps in an epoch.
    public var steps: Int
    /// The mean loss of this epoch so far.
    public var loss: Double
    /// The seconds since the start of this run.
    public var secondsElapsed: Double
    /// The estimated remaining seconds, at the average speed so far.
    public var secondsLeft: Double

    /// The share of all steps that are done.
    public var fraction: Double { (Double(epoch - 1) + Double(step) / Double(max(1, steps))) / Double(max(1, epochs)) }
  }

  /// How a run ended.
  public enum Outcome: Hashable, Sendable {
    /// All epochs are finished.
    case finished
    /// The validation error has stopped improving; the values of epoch `best` have been restored.
    case stoppedEarly(best: Int)
    /// An observer requested a stop in `epoch`, after `step` steps. These steps are undone: the trainer is in its state
    /// at the end of the previous epoch, in agreement with its history and its last checkpoint.
    case interrupted(epoch: Int, step: Int)

    /// Whether an observer requested a stop.
    public var isInterrupted: Bool { if case .interrupted = self { true } else { false } }
  }

  /// Trains until `epochs` epochs are finished, including those in `history`.
  ///
  /// However training ends, the trainer is in its state at the end of an epoch: model, optimizer, history and the last
  /// checkpoint agree, and another call continues from there.
  ///
  /// - Parameters:
  ///   - data: the training set.
  ///   - validation: the validation set, on which early stopping decides, or nil.
  ///   - test: the test set, on which the error after each epoch is measured, or nil; it never influences training.
  ///   - epochs: the last epoch.
  ///   - observers: observers that follow training or intervene in it; they are called in this order.
  /// - Throws: `ShapeError` or ``TrainingError`` if the model does not fit the data; ``Divergence`` if the loss or a
  ///   weight is no longer finite; an observer's error after an epoch, which is then undone.
  @discardableResult
  public mutating func train(
    on data: some Samples, validation: (any Samples)? = nil, testing test: (any Samples)? = nil, epochs: Int,
    observers: [any TrainingObserver] = []
  ) throws -> Outcome {
    demand(
      earlyStopping == nil || validation != nil,
      "Trainer: early stopping requires a validation set, but none is given")
    guard data.count > 0 else { throw TrainingError.noSamples(name: data.name) }
    let outputs = try model.outputShape(for: data.sampleShape).count
    guard outputs >= data.classCount else {
      throw TrainingError.tooFewOutputs(outputs: outputs, classes: data.classCount, name: data.name)
    }
    let plan = TrainingPlan(epochs: epochs, steps: stepCount(data.count), history: history)
    for observer in observers { observer.trainingBegins(plan, model: model) }
    var meter = Meter(finishedEpochs: history.count, epochs: epochs)
    var batch = Batch()

    while history.count < epochs {
      if let rule = earlyStopping, case let (best?, true) = rule.judge(history) {
        try model.load(bestState)
        return .stoppedEarly(best: best)
      }
      // These are values: keeping the state before the epoch costs one copy of the weights, made at the first update.
      let before = (model, optimizer, bestState, history)
      do {
        switch try run(epoch: history.count + 1, on: data, &batch, observers, &meter) {
        case .interrupted(let step):
          (model, optimizer, bestState, history) = before
          return .interrupted(epoch: history.count + 1, step: step)
        case .completed(var record):
          if let validation {
            (record.validationLoss, record.validationError) = measured(on: validation)
          }
          if let test {
            (record.testLoss, record.testError) = measured(on: test)
          }
          history.append(record)
          if let rule = earlyStopping, rule.judge(history).best == record.epoch { bestState = model.stateDict }
          for observer in observers { try observer.epochEnded(record, trainer: self) }
        }
      } catch {
        (model, optimizer, bestState, history) = before
        throw error
      }
    }
    if let rule = earlyStopping, case let (best?, stops) = rule.judge(history) {
      try model.load(bestState)
      if stops { return .stoppedEarly(best: best) }
    }
    return .finished
  }

  // MARK: One epoch

  private enum EpochEnd {
    case completed(EpochRecord)
    case interrupted(step: Int)
  }

  private mutating func run(
    epoch: Int, on data: some Samples, _ batch: inout Batch, _ observers: [any TrainingObserver],
    _ meter: inout Meter
  ) throws -> EpochEnd {
    let clock = ContinuousClock()
    var elapsed = Duration.zero
    var generator = SeededGenerator(seed: seed, stream: UInt64(epoch))
    let order = generator.permutation(of: data.count)
    var pass = Pass(.training, generator: generator.split())
    var augmentationGenerator = generator.split()
    let rate = schedule(epoch: epoch)
    let steps = stepCount(data.count)
    var (totalLoss, totalMistakes) = (0.0, 0)

    for step in 1...steps {
      for observer in observers where observer.asksToStop { return .interrupted(step: step - 1) }
      var begin = clock.now
      let first = (step - 1) * batchSize
      let end = step == steps ? order.count : first + batchSize
      if let augmentation {
        data.load(order[first..<end], into: &batch, augmentedBy: augmentation, using: &augmentationGenerator)
      } else {
        data.load(order[first..<end], into: &batch)
      }
      for observer in observers { observer.batchLoaded(&batch, epoch: epoch, using: &augmentationGenerator) }

      let value = model.step(batch, loss, in: &pass)
      guard value.isFinite else {
        throw Divergence(epoch: epoch, step: step, loss: value, learningRate: rate)
      }
      let mistakes = countMistakes(model.output, batch.labels)
      totalLoss += loss.total(value, of: end - first)
      totalMistakes += mistakes

      let record = StepRecord(
        epoch: epoch, step: step, steps: steps, loss: value, sampleCount: end - first, mistakes: mistakes,
        learningRate: rate)
      if !observers.isEmpty {
        elapsed += clock.now - begin
        for observer in observers { observer.gradientsReady(record, model: &model) }
        begin = clock.now
      }
      optimizer.step(&model, learningRate: rate)
      let now = clock.now
      elapsed += now - begin
      for observer in observers { observer.stepEnded(record, model: &model) }
      if let progress = meter.progress(now, record, meanLoss: totalLoss / Double(end)) {
        for observer in observers { observer.progressed(progress) }
      }
    }
    // The last update may have made weights infinite or NaN, and no loss has been computed since.
    if !hasFiniteWeights { throw Divergence(epoch: epoch, step: steps, loss: .nan, learningRate: rate) }
    return .completed(
      EpochRecord(
        epoch: epoch, learningRate: rate, trainingLoss: totalLoss / Double(data.count),
        trainingError: data.classCount > 0 ? Double(totalMistakes) / Double(data.count) : nil,
        seconds: elapsed.inSeconds))
  }

  /// The mean loss and, if there are classes, the share of misclassified samples.
  private func measured(on samples: some Samples) -> (loss: Double, error: Double?) {
    let result = evaluate(model, on: samples, loss: loss)
    return (result.loss, samples.classCount > 0 ? result.error : nil)
  }

  /// The number of steps in an epoch of `count` samples.
  private func stepCount(_ count: Int) -> Int {
    let rest = count % batchSize
    return max(1, count / batchSize + (rest > 1 ? 1 : 0))
  }

  private var hasFiniteWeights: Bool {
    model.parameters.allSatisfy { $0.parameter.value.withUnsafeElements { $0.allSatisfy(\.isFinite) } }
  }
}

/// Decides when progress is reported, and estimates the time left.
private struct Meter {
  private let clock = ContinuousClock()
  private let begin: ContinuousClock.Instant
  private var last: ContinuousClock.Instant?
  private let remaining: RemainingTime
  private let epochs: Int

  init(finishedEpochs: Int, epochs: Int) {
    begin = clock.now
    remaining = RemainingTime(start: Double(finishedEpochs) / Double(max(1, epochs)))
    self.epochs = epochs
  }

  /// The progress to report after a step, about ten times a second and after the last step of an epoch; otherwise nil.
  mutating func progress(
    _ now: ContinuousClock.Instant, _ record: StepRecord, meanLoss: Double
  ) -> Trainer.Progress? {
    if let last, now - last < .milliseconds(100), record.step < record.steps { return nil }
    last = now
    let seconds = (now - begin).inSeconds
    var progress = Trainer.Progress(
      epoch: record.epoch, epochs: epochs, step: record.step, steps: record.steps, loss: meanLoss,
      secondsElapsed: seconds, secondsLeft: 0)
    progress.secondsLeft = remaining.seconds(at: progress.fraction, after: seconds)
    return progress
  }
}

extension Duration {
  /// The duration in seconds.
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
