// The exercises of chapter 8: their titles, and the functions that an answer to each provides.

extension ExerciseEntry {
  package static let chapter08 = [ex08_1, ex08_2, ex08_3, ex08_4]

  package static let ex08_1 = ExerciseEntry(
    "8.1", "Squared error through a sigmoid", name: "Ex08_1_SquaredErrorThroughSigmoid", minutes: 10)
  package static let ex08_2 = ExerciseEntry(
    "8.2", "A softmax that does not overflow", name: "Ex08_2_StableSoftmax", minutes: 15)
  package static let ex08_3 = ExerciseEntry(
    "8.3", "The gradient of cross-entropy", name: "Ex08_3_CrossEntropyGradient", minutes: 20)
  package static let ex08_4 = ExerciseEntry("8.4", "Top-k error", name: "Ex08_4_TopKError", minutes: 10)
}

/// The functions that an answer to exercise 8.1 provides.
public protocol Ex08_1: ExerciseAnswer {
  /// ∂L/∂z of the squared error after a sigmoid, [N, C].
  static func gradient(logits: Tensor, targets: Tensor) throws -> Tensor
}

/// The functions that an answer to exercise 8.2 provides.
public protocol Ex08_2: ExerciseAnswer {
  /// The softmax of each row, [N, C] → [N, C].
  static func softmax(_ logits: Tensor) throws -> Tensor
  /// ln Σ exp of each row, [N, C] → N numbers.
  static func logSumExp(_ logits: Tensor) throws -> [Float]
}

/// The functions that an answer to exercise 8.3 provides.
public protocol Ex08_3: ExerciseAnswer {
  /// The mean cross-entropy of a batch of logits, [N, C].
  static func loss(logits: Tensor, labels: [Int]) throws -> Float
  /// Its gradient with respect to the logits, [N, C].
  static func gradient(logits: Tensor, labels: [Int]) throws -> Tensor
}

/// The functions that an answer to exercise 8.4 provides.
public protocol Ex08_4: ExerciseAnswer {
  /// The fraction of samples whose right class is not among the k largest scores.
  static func topError(scores: Tensor, labels: [Int], k: Int) throws -> Double
}
