// What is known after an epoch.

/// What one epoch has brought.
public struct EpochRecord: Hashable, Sendable, Codable {
  /// The epoch, counted from 1.
  public var epoch: Int
  /// The learning rate during it.
  public var learningRate: Float
  /// The mean loss over all training samples, each at the moment when it was used.
  public var trainingLoss: Double
  /// The share of training samples that were classified wrongly at the moment when they were used, 0 … 1; nil where
  /// values are learned.
  public var trainingError: Double?
  /// The time of the training steps alone: loading, forward, backward, update; no evaluation, no observers.
  public var seconds: Double
  /// The mean loss on the validation set; nil without one.
  public var validationLoss: Double?
  /// The share of the validation set classified wrongly, 0 … 1; nil without one or without classes.
  public var validationError: Double?
  /// The mean loss on the test set; nil without one.
  public var testLoss: Double?
  /// The share of the test set classified wrongly, 0 … 1; nil without one or without classes.
  public var testError: Double?

  /// Creates a record.
  public init(
    epoch: Int, learningRate: Float, trainingLoss: Double, trainingError: Double?, seconds: Double,
    validationLoss: Double? = nil, validationError: Double? = nil, testLoss: Double? = nil, testError: Double? = nil
  ) {
    self.epoch = epoch
    self.learningRate = learningRate
    self.trainingLoss = trainingLoss
    self.trainingError = trainingError
    self.seconds = seconds
    self.validationLoss = validationLoss
    self.validationError = validationError
    self.testLoss = testLoss
    self.testError = testError
  }
}

/// Training that cannot go on: the loss or a weight is no longer a finite number.
public struct Divergence: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where it happened, both counted from 1.
  public var epoch: Int
  /// The step within the epoch, counted from 1.
  public var step: Int
  /// The loss of that step.
  public var loss: Double
  /// The learning rate of that step.
  public var learningRate: Float

  public var description: String {
    "training diverged: the loss is \(loss) in epoch \(epoch), step \(step), at learning rate \(learningRate); "
      + (epoch > 1 ? "the state after epoch \(epoch - 1) is kept. " : "")
      + "Try a tenth of the rate, normalized inputs, or clipped gradients"
  }
}

/// Training that cannot begin.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is nothing to train on.
  case noSamples(name: String)
  /// The model's outputs do not match the classes of the data.
  case tooFewOutputs(outputs: Int, classes: Int, name: String)

  public var description: String {
    switch self {
    case .noSamples(let name): "\(name): expected samples to train on, found none"
    case .tooFewOutputs(let outputs, let classes, let name):
      "the model has \(outputs) outputs, but \(name) has \(classes) classes"
    }
  }
}
