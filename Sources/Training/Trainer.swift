// The training loop.

import Datasets
import Foundation
import NeuralNetworks
import Tensors

/// What one epoch came to.
public struct EpochRecord: Hashable, Sendable, Codable {
  /// Counted from 1.
  public var epoch: Int
  /// Seconds of the training steps alone, loading of batches included, evaluation not.
  public var seconds: Double
  /// The mean loss of the epoch's batches, each measured before its own update.
  public var trainingLoss: Double
  /// The share of wrong predictions on the test set afterwards, 0 … 1; nil where there is none.
  public var testError: Double?

  /// Creates a record.
  public init(epoch: Int, seconds: Double, trainingLoss: Double, testError: Double?) {
    self.epoch = epoch
    self.seconds = seconds
    self.trainingLoss = trainingLoss
    self.testError = testError
  }
}

/// Training that cannot go on.
public struct Divergence: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the loss stopped being a number.
  public var epoch: Int
  public var step: Int
  public var loss: Double
  public var learningRate: Float

  public var description: String {
    "training diverged: the loss is \(loss) in epoch \(epoch), step \(step), at learning rate \(learningRate); "
      + "the state after epoch \(epoch - 1) is kept. Try a tenth of the rate, normalised inputs, or clipped gradients"
  }
}

/// Trains a model: batches in random order, forward, loss, backward, update.
///
///     var trainer = Trainer(model, loss: SoftmaxCrossEntropy(), optimizer: SGD(), schedule: ConstantRate(0.02),
///                           batchSize: 32, seed: 1)
///     try trainer.train(on: digits.train, testing: digits.test, epochs: 5)
///     trainer.history.last?.testError
///
/// The order of the samples in epoch e, and all other randomness of it, depend on the seed and on e alone. So a run that
/// is stopped after any epoch and resumed gives the same bits as one that was never stopped, and any number of threads
/// gives the same bits as one.
public struct Trainer: Sendable {
  /// The model, trained in place.
  public var model: Model
  /// The loss.
  public let loss: any Loss
  /// The optimizer, with what it remembers.
  public var optimizer: any Optimizer
  /// The learning rate of each epoch.
  public let schedule: any Schedule
  /// Samples of one step; the last of an epoch may have fewer.
  public let batchSize: Int
  /// Of the order of the samples, and of dropout.
  public let seed: UInt64
  /// One record for each finished epoch.
  public var history: [EpochRecord] = []

  /// Called on the batch before each step: for augmentation.
  public var prepareBatch: (@Sendable (_ batch: inout Batch, _ epoch: Int, inout SeededGenerator) -> Void)?
  /// Called on the model between the backward pass and the update: for penalties and clipping.
  public var prepareGradients: (@Sendable (inout Model) -> Void)?

  /// Creates a trainer.
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

  /// Where a run stands, handed to whoever shows it.
  public struct Progress: Sendable {
    public var epoch: Int
    public var epochs: Int
    public var step: Int
    public var steps: Int
    /// The mean loss of this epoch so far.
    public var loss: Double
    /// The share of all steps that is done.
    public var fraction: Double { (Double(epoch - 1) + Double(step) / Double(max(1, steps))) / Double(max(1, epochs)) }
  }

  /// Trains until `epochs` epochs are finished, those in `history` counted.
  ///
  /// - Parameters:
  ///   - data: what is learned from.
  ///   - test: what the error after each epoch is measured on, or nil.
  ///   - epochs: the last epoch.
  ///   - observers: who else looks on.
  ///   - isStopped: asked before each step; once true, training ends and the epoch that was under way is undone.
  ///   - report: called now and then.
  ///   - afterEpoch: called with the trainer after each epoch: for checkpoints.
  /// - Returns: whether all epochs were finished.
  /// - Throws: ``Divergence`` where the loss is no number any more; the model is that of the last finished epoch.
  @discardableResult
  public mutating func train(
    on data: Dataset, testing test: Dataset? = nil, epochs: Int, observers: [any TrainingObserver] = [],
    isStopped: () -> Bool = { false }, report: (Progress) -> Void = { _ in },
    afterEpoch: (Trainer) throws -> Void = { _ in }
  ) throws -> Bool {
    let steps = (data.count + batchSize - 1) / batchSize
    // Workspaces of the whole run: no step allocates.
    var (batch, output, gradient, unwanted) = (Batch(), Tensor.empty, Tensor.empty, Tensor.empty)
    while history.count < epochs {
      let epoch = history.count + 1
      let (lastModel, lastOptimizer) = (model, optimizer)
      var order = SeededGenerator(seed: seed, stream: UInt64(epoch))
      let indices = order.permutation(of: data.count)
      var pass = Pass(.training, generator: order.split())
      let rate = schedule(epoch: epoch)
      var (total, seconds) = (0.0, 0.0)
      for step in 0..<steps {
        if isStopped() {
          (model, optimizer) = (lastModel, lastOptimizer)
          return false
        }
        let start = DispatchTime.now().uptimeNanoseconds
        data.load(indices[step * batchSize..<min((step + 1) * batchSize, data.count)], into: &batch)
        prepareBatch?(&batch, epoch, &pass.generator)
        model.forward(batch.inputs, into: &output, in: &pass)
        let value = loss.evaluate(output, .classes(batch.labels), gradient: &gradient)
        guard value.isFinite else {
          (model, optimizer) = (lastModel, lastOptimizer)
          throw Divergence(epoch: epoch, step: step + 1, loss: value, learningRate: rate)
        }
        model.backward(gradient, input: batch.inputs, output: output, into: &unwanted)
        prepareGradients?(&model)
        optimizer.step(&model, learningRate: rate)
        seconds += Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
        total += value
        for observer in observers {
          observer.stepEnded(epoch: epoch, step: step, steps: steps, loss: value, model: &model)
        }
        if step % 25 == 24 || step == steps - 1 {
          report(Progress(epoch: epoch, epochs: epochs, step: step + 1, steps: steps, loss: total / Double(step + 1)))
        }
      }
      let testError = test.map { evaluate(model, on: $0, loss: loss).error }
      history.append(
        EpochRecord(epoch: epoch, seconds: seconds, trainingLoss: total / Double(steps), testError: testError))
      for observer in observers { observer.epochEnded(epoch: epoch, model: &model) }
      try afterEpoch(self)
    }
    return true
  }
}
