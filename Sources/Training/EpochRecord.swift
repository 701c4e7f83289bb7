// The results of one epoch, and the errors of training.

/// The results of one epoch.
public struct EpochRecord: Hashable, Sendable, Codable {
  /// The epoch, counted from 1.
  public var epoch: Int
  /// The learning rate during the epoch.
  public var learningRate: Float
  /// The mean loss over all training samples, each measured when it was used.
  public var trainingLoss: Double
  /// The share of training samples misclassified when they were used, 0 … 1; nil in regression.
  public var trainingError: Double?
  /// The time of the training steps only: loading, forward, backward, update; without evaluation and observers.
  public var seconds: Double
  /// The mean loss on the validation set; nil without one.
  public var validationLoss: Double?
  /// The share of misclassified validation samples, 0 … 1; nil without a validation set or without classes.
  public var validationError: Double?
  /// The mean loss on the test set; nil without one.
  public var testLoss: Double?
  /// The share of misclassified test samples, 0 … 1; nil without a test set or without classes.
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

/// Training that cannot continue: the loss or a weight is no longer finite.
public struct Divergence: Error, Hashable, Sendable, CustomStringConvertible {
  /// The epoch, counted from 1.
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
      + "Try a tenth of the learning rate, normalized inputs, or gradient clipping"
  }
}

/// Training that cannot start.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The training set is empty.
  case noSamples(name: String)
  /// The model has fewer outputs than the data has classes.
  case tooFewOutputs(outputs: Int, classes: Int, name: String)

  public var description: String {
    switch self {
    case .noSamples(let name): "\(name): expected samples to train on, found none"
    case .tooFewOutputs(let outputs, let classes, let name):
      "the model has \(outputs) outputs, but \(name) has \(classes) classes"
    }
  }
}
