// The exercises of chapter 6: their titles, and the functions that an answer to each provides.

extension ExerciseEntry {
  package static let chapter06 = [ex06_1, ex06_2, ex06_3, ex06_4]

  package static let ex06_1 = ExerciseEntry(
    "6.1", "Inverted dropout, forward and backward", name: "Ex06_1_InvertedDropout", minutes: 10)
  package static let ex06_2 = ExerciseEntry(
    "6.2", "Weight-scaling inference", name: "Ex06_2_WeightScaling", minutes: 10)
  package static let ex06_3 = ExerciseEntry("6.3", "DropConnect", name: "Ex06_3_DropConnect", minutes: 15)
  package static let ex06_4 = ExerciseEntry(
    "6.4", "The exact ensemble of a small net", name: "Ex06_4_ExactEnsemble", minutes: 30)
}

/// The functions that an answer to exercise 6.1 provides.
public protocol Ex06_1: ExerciseAnswer {
  /// Inverted dropout in training.
  static func forward(_ input: Tensor, dropping rate: Float, random: Tensor) throws -> Tensor
  /// The gradient with respect to the input.
  static func backward(_ outputGradient: Tensor, dropping rate: Float, random: Tensor) throws -> Tensor
}

/// The functions that an answer to exercise 6.2 provides.
public protocol Ex06_2: ExerciseAnswer {
  /// A dense layer after original dropout, at test time.
  static func infer(_ input: Tensor, weight: Tensor, bias: [Float], dropping rate: Float) throws -> Tensor
}

/// The functions that an answer to exercise 6.3 provides.
public protocol Ex06_3: ExerciseAnswer {
  /// A dense layer whose weights are dropped at random, in training.
  static func forward(_ input: Tensor, weight: Tensor, bias: [Float], dropping rate: Float, random: Tensor) throws
    -> Tensor
  /// The gradient with respect to the weights.
  static func weightGradient(_ outputGradient: Tensor, input: Tensor, dropping rate: Float, random: Tensor) throws
    -> Tensor
}

/// The functions that an answer to exercise 6.4 provides.
public protocol Ex06_4: ExerciseAnswer {
  /// The expected probabilities over all thinned networks.
  static func average(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) throws -> [Double]
  /// Their normalized geometric mean.
  static func geometricMean(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) throws
    -> [Double]
}
