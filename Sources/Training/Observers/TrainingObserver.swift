// Those who look on while a model learns.

import NeuralNetworks

/// What is known when a run begins.
public struct TrainingPlan: Sendable {
  /// The last epoch of the run.
  public var epochs: Int
  /// The number of steps in an epoch.
  public var steps: Int
  /// The epochs that lie behind: empty unless the run is resumed.
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

/// Somebody who looks on. A class, because it collects; training costs nothing more where there is none.
///
/// The time of observers does not count as training time. They may read the model and should not change it:
/// `inout` is there because visiting parameters needs it.
public protocol TrainingObserver: AnyObject {
  /// Called once, before the first step.
  func trainingBegins(_ plan: TrainingPlan, model: inout Model)
  /// Called when the gradients of a step are there, as the loss gives them, and no parameter has moved yet.
  func gradientsReady(_ step: StepRecord, model: inout Model)
  /// Called after each update; activations are those of the step.
  func stepEnded(_ step: StepRecord, model: inout Model)
  /// Called after each epoch, its evaluation included.
  func epochEnded(_ record: EpochRecord, model: inout Model)
}

// Most observers want one of the four.
extension TrainingObserver {
  public func trainingBegins(_ plan: TrainingPlan, model: inout Model) {}
  public func gradientsReady(_ step: StepRecord, model: inout Model) {}
  public func stepEnded(_ step: StepRecord, model: inout Model) {}
  public func epochEnded(_ record: EpochRecord, model: inout Model) {}
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
