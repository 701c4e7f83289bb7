// The exercises of chapter 10: their titles, and the functions that an answer to each provides.

extension ExerciseEntry {
  package static let chapter10 = [ex10_1, ex10_2, ex10_3, ex10_4]

  package static let ex10_1 = ExerciseEntry("10.1", "Build LeNet-5", name: "Ex10_1_BuildLeNet5", minutes: 15)
  package static let ex10_2 = ExerciseEntry("10.2", "The training loop", name: "Ex10_2_TrainingLoop", minutes: 20)
  package static let ex10_3 = ExerciseEntry("10.3", "Step schedule", name: "Ex10_3_StepSchedule", minutes: 8)
  package static let ex10_4 = ExerciseEntry("10.4", "Gradient share", name: "Ex10_4_GradientShare", minutes: 8)
}

/// The functions that an answer to exercise 10.1 provides.
public protocol Ex10_1: ExerciseAnswer {
  /// The layers of LeNet-5, with `classes` outputs.
  static func network(classes: Int) throws -> Sequential
}

/// The functions that an answer to exercise 10.2 provides.
public protocol Ex10_2: ExerciseAnswer {
  /// Trains by mini-batch gradient descent and returns the parameters at the end.
  static func train(
    parameters: [Float], sampleCount: Int, batchSize: Int, epochs: Int, learningRate: Float,
    order: (_ epoch: Int) -> [Int], gradient: (_ parameters: [Float], _ batch: [Int]) -> [Float]
  ) throws -> [Float]
}

/// The functions that an answer to exercise 10.3 provides.
public protocol Ex10_3: ExerciseAnswer {
  /// The learning rate of an epoch, from a table of stages.
  static func rate(epoch: Int, lengths: [Int], rates: [Float]) throws -> Float
}

/// The functions that an answer to exercise 10.4 provides.
public protocol Ex10_4: ExerciseAnswer {
  /// The share of each layer in the sum of the gradients' norms.
  static func shares(gradients: [[Float]]) throws -> [Float]
}
