// Observers, which follow training or intervene in it.

import Datasets
import NeuralNetworks
import Tensors

/// The plan of a training run, known at its start.
public struct TrainingPlan: Sendable {
  /// The last epoch of the run.
  public var epochs: Int
  /// The number of steps in an epoch.
  public var steps: Int
  /// The records of the epochs already finished; empty unless the run is resumed.
  public var history: [EpochRecord]
}

/// The results of one training step.
public struct StepRecord: Hashable, Sendable, Codable {
  /// The epoch, counted from 1.
  public var epoch: Int
  /// The step within the epoch, counted from 1.
  public var step: Int
  /// The number of steps in an epoch.
  public var steps: Int
  /// The mean loss of the batch.
  public var loss: Double
  /// The number of samples in the batch.
  public var sampleCount: Int
  /// The number of misclassified samples in the batch.
  public var mistakes: Int
  /// The learning rate of the step.
  public var learningRate: Float

  /// The number of the step since the start of training, counted from 1.
  public var globalStep: Int { (epoch - 1) * steps + step }
  /// The time of the step in epochs: 0 for the first step.
  public var time: Double { Double(epoch - 1) + Double(step - 1) / Double(steps) }
}

/// An observer that follows training or intervenes in it; the only interface to the training loop.
///
/// An observer is a class, because it accumulates data. Training without observers has no overhead. The time spent in
/// observers does not count as training time, except that of ``batchLoaded(_:epoch:using:)``. If closures suffice, use
/// ``TrainingHooks``.
public protocol TrainingObserver: AnyObject {
  /// Called once, before the first step.
  func trainingBegins(_ plan: TrainingPlan, model: Model)
  /// Read before each step; if it is true, training ends and the current epoch is undone.
  var asksToStop: Bool { get }
  /// Called with the samples of each step before the forward pass, and with the epoch's generator; may add label noise,
  /// for example.
  func batchLoaded(_ batch: inout Batch, epoch: Int, using generator: inout SeededGenerator)
  /// Called after the backward pass of each step and before the update; may add penalties or clip gradients.
  func gradientsReady(_ step: StepRecord, model: inout Model)
  /// Called after each update; may constrain the weights. The activations are still those of the step.
  func stepEnded(_ step: StepRecord, model: inout Model)
  /// Called about ten times a second, and after the last step of each epoch.
  func progressed(_ progress: Trainer.Progress)
  /// Called after each epoch and its evaluation, with the current trainer; may write checkpoints.
  ///
  /// An error thrown here ends training, and the epoch is undone.
  func epochEnded(_ record: EpochRecord, trainer: Trainer) throws
}

// Most observers need only one of the seven requirements.
extension TrainingObserver {
  public func trainingBegins(_ plan: TrainingPlan, model: Model) {}
  public var asksToStop: Bool { false }
  public func batchLoaded(_ batch: inout Batch, epoch: Int, using generator: inout SeededGenerator) {}
  public func gradientsReady(_ step: StepRecord, model: inout Model) {}
  public func stepEnded(_ step: StepRecord, model: inout Model) {}
  public func progressed(_ progress: Trainer.Progress) {}
  public func epochEnded(_ record: EpochRecord, trainer: Trainer) throws {}
}

/// An observer whose observations can be stored with a checkpoint and restored when the run is resumed.
public protocol ResumableObserver: TrainingObserver {
  /// The type of the observations.
  associatedtype Record: Codable
  /// The observations so far.
  var record: Record { get }
  /// Restores the observations of an earlier run.
  ///
  /// - Parameters:
  ///   - record: the observations of that run.
  ///   - finished: the number of finished epochs; later observations are dropped, because those epochs run again.
  func restore(_ record: Record, finishedEpochs finished: Int)
}
