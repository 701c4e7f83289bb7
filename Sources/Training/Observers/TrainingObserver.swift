// What looks on while a model learns, or takes a hand in it.

import Datasets
import NeuralNetworks
import Tensors

/// What is known when a run begins.
public struct TrainingPlan: Sendable {
  /// The last epoch of the run.
  public var epochs: Int
  /// The number of steps in an epoch.
  public var steps: Int
  /// The epochs already done: empty unless the run is resumed.
  public var history: [EpochRecord]
}

/// What is known of one step.
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
  /// The number of them that were classified wrongly.
  public var mistakes: Int
  /// The learning rate of the step.
  public var learningRate: Float

  /// The step since the beginning of training, counted from 1.
  public var globalStep: Int { (epoch - 1) * steps + step }
  /// When the step was made, in epochs: 0 at the very beginning.
  public var time: Double { Double(epoch - 1) + Double(step - 1) / Double(steps) }
}

/// What looks on while a model learns, or takes a hand in it: the one way into the training loop.
///
/// A class, because it collects; training costs nothing more where there is none. The time of observers does not count as
/// training time, that of ``batchLoaded(_:epoch:using:)`` excepted. Where a closure is enough, there is ``TrainingHooks``.
public protocol TrainingObserver: AnyObject {
  /// Called once, before the first step.
  func trainingBegins(_ plan: TrainingPlan, model: Model)
  /// Asked before each step; once true, training ends and the epoch that was under way is undone.
  var asksToStop: Bool { get }
  /// Called with the samples of each step before the network sees them, and with the epoch's randomness: the place for
  /// noise in labels.
  func batchLoaded(_ batch: inout Batch, epoch: Int, using generator: inout SeededGenerator)
  /// Called when the gradients of a step are there, and no parameter has moved yet: the place for penalties and clipping.
  func gradientsReady(_ step: StepRecord, model: inout Model)
  /// Called after each update: the place for limits on the weights. Activations are those of the step.
  func stepEnded(_ step: StepRecord, model: inout Model)
  /// Called about ten times a second, and at the end of each epoch's steps.
  func progressed(_ progress: Trainer.Progress)
  /// Called after each epoch, its evaluation included, with the trainer as it stands: the place for checkpoints.
  ///
  /// What it throws ends the training, and the epoch is undone.
  func epochEnded(_ record: EpochRecord, trainer: Trainer) throws
}

// Most observers want one of the seven.
extension TrainingObserver {
  public func trainingBegins(_ plan: TrainingPlan, model: Model) {}
  public var asksToStop: Bool { false }
  public func batchLoaded(_ batch: inout Batch, epoch: Int, using generator: inout SeededGenerator) {}
  public func gradientsReady(_ step: StepRecord, model: inout Model) {}
  public func stepEnded(_ step: StepRecord, model: inout Model) {}
  public func progressed(_ progress: Trainer.Progress) {}
  public func epochEnded(_ record: EpochRecord, trainer: Trainer) throws {}
}

/// An observer whose past can be kept with a checkpoint, so that its figures survive a pause.
public protocol ResumableObserver: TrainingObserver {
  /// What it has seen.
  associatedtype Record: Codable
  /// Everything seen so far.
  var record: Record { get }
  /// Takes up what an earlier run had seen.
  ///
  /// - Parameters:
  ///   - record: of that run.
  ///   - finished: the epochs that are finished; what it saw later is left out, for it will be seen again.
  func restore(_ record: Record, finishedEpochs finished: Int)
}
