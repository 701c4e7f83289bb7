// The exercises of chapter 5: their titles, and the functions that an answer to each provides.

extension ExerciseEntry {
  package static let chapter05 = [ex05_1, ex05_2, ex05_3, ex05_4, ex05_5, ex05_6]

  package static let ex05_1 = ExerciseEntry("5.1", "Batch norm, forward", name: "Ex05_1_BatchNormForward", minutes: 20)
  package static let ex05_2 = ExerciseEntry(
    "5.2", "Batch norm, backward", name: "Ex05_2_BatchNormBackward", minutes: 40)
  package static let ex05_3 = ExerciseEntry(
    "5.3", "Running statistics and inference", name: "Ex05_3_RunningStatistics", minutes: 20)
  package static let ex05_4 = ExerciseEntry("5.4", "Layer norm", name: "Ex05_4_LayerNorm", minutes: 10)
  package static let ex05_5 = ExerciseEntry(
    "5.5", "Group norm, with layer and instance norm as its ends", name: "Ex05_5_GroupNorm", minutes: 20)
  package static let ex05_6 = ExerciseEntry("5.6", "Fold batch norm away", name: "Ex05_6_FoldBatchNorm", minutes: 15)
}

/// The functions that an answer to exercise 5.1 provides.
public protocol Ex05_1: ExerciseAnswer {
  /// Batch normalization of a batch with its own statistics.
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor
}

/// The functions that an answer to exercise 5.2 provides.
public protocol Ex05_2: ExerciseAnswer {
  /// The gradients of batch normalization with batch statistics.
  static func backward(_ outputGradient: Tensor, input: Tensor, gamma: Tensor, epsilon: Float) throws
    -> (input: Tensor, gamma: Tensor, beta: Tensor)
}

/// The functions that an answer to exercise 5.3 provides.
public protocol Ex05_3: ExerciseAnswer {
  /// The running mean and variance after another batch.
  static func update(mean: [Float], variance: [Float], with batch: Tensor, momentum: Float) throws
    -> (mean: [Float], variance: [Float])
  /// Batch normalization at test time.
  static func infer(_ input: Tensor, mean: [Float], variance: [Float], gamma: [Float], beta: [Float], epsilon: Float)
    throws -> Tensor
}

/// The functions that an answer to exercise 5.4 provides.
public protocol Ex05_4: ExerciseAnswer {
  /// Layer normalization.
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor
}

/// The functions that an answer to exercise 5.5 provides.
public protocol Ex05_5: ExerciseAnswer {
  /// Group normalization.
  static func forward(_ input: Tensor, groups: Int, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor
  /// The number of groups that makes it layer norm.
  static func groupsOfLayerNorm(channels: Int) throws -> Int
  /// The number of groups that makes it instance norm.
  static func groupsOfInstanceNorm(channels: Int) throws -> Int
}

/// The functions that an answer to exercise 5.6 provides.
public protocol Ex05_6: ExerciseAnswer {
  /// The weights and biases of a layer that includes the batch norm after it.
  static func fold(
    weight: Tensor, bias: Tensor, gamma: [Float], beta: [Float], mean: [Float], variance: [Float], epsilon: Float
  ) throws -> (weight: Tensor, bias: Tensor)
}
