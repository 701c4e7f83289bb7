// The exercises of chapter 2: their titles, and the functions that an answer to each provides.

extension ExerciseEntry {
  package static let chapter02 = [ex02_1, ex02_2, ex02_3, ex02_4, ex02_5]

  package static let ex02_1 = ExerciseEntry("2.1", "Sigmoid and its derivative", name: "Ex02_1_Sigmoid", minutes: 5)
  package static let ex02_2 = ExerciseEntry(
    "2.2", "Leaky ReLU and PReLU backward", name: "Ex02_2_LeakyBackward", minutes: 15)
  package static let ex02_3 = ExerciseEntry("2.3", "ELU", name: "Ex02_3_ELU", minutes: 10)
  package static let ex02_4 = ExerciseEntry("2.4", "Maxout forward and backward", name: "Ex02_4_Maxout", minutes: 25)
  package static let ex02_5 = ExerciseEntry("2.5", "Dead-unit share", name: "Ex02_5_DeadUnits", minutes: 10)
}

/// The functions that an answer to exercise 2.1 provides.
public protocol Ex02_1: ExerciseAnswer {
  /// The logistic sigmoid of each number.
  static func sigmoid(_ x: [Float]) throws -> [Float]
  /// Its derivative at each number.
  static func derivative(at x: [Float]) throws -> [Float]
}

/// The functions that an answer to exercise 2.2 provides.
public protocol Ex02_2: ExerciseAnswer {
  /// The input gradient of a leaky ReLU.
  static func leakyReLU(outputGradient: [Float], input: [Float], slope: Float) throws -> [Float]
  /// The gradients of a PReLU with respect to its inputs and to its one α.
  static func prelu(
    outputGradient: [Float], input: [Float], alpha: Float
  ) throws -> (input: [Float], alpha: Float)
}

/// The functions that an answer to exercise 2.3 provides.
public protocol Ex02_3: ExerciseAnswer {
  /// The exponential linear unit of each number.
  static func elu(_ x: [Float], alpha: Float) throws -> [Float]
  /// Its input gradient.
  static func backward(outputGradient: [Float], input: [Float], alpha: Float) throws -> [Float]
}

/// The functions that an answer to exercise 2.4 provides.
public protocol Ex02_4: ExerciseAnswer {
  /// The outputs [N, units] of a maxout layer.
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, pieces: Int) throws -> Tensor
  /// Its gradients with respect to inputs, weights and biases.
  static func backward(
    _ outputGradient: Tensor, input: Tensor, weight: Tensor, bias: Tensor, pieces: Int
  ) throws -> (input: Tensor, weight: Tensor, bias: Tensor)
}

/// The functions that an answer to exercise 2.5 provides.
public protocol Ex02_5: ExerciseAnswer {
  /// The share of units that are 0 for every sample, for outputs [N, units].
  static func deadShare(outputs: Tensor) throws -> Float
}
