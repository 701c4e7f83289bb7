// The exercises of chapter 1: their titles, and the functions that an answer to each provides.

extension ExerciseEntry {
  package static let chapter01 = [ex01_1, ex01_2, ex01_3, ex01_4]

  package static let ex01_1 = ExerciseEntry("1.1", "Dense forward", name: "Ex01_1_DenseForward", minutes: 10)
  package static let ex01_2 = ExerciseEntry("1.2", "Dense backward", name: "Ex01_2_DenseBackward", minutes: 20)
  package static let ex01_3 = ExerciseEntry("1.3", "Numerical gradient", name: "Ex01_3_NumericalGradient", minutes: 10)
  package static let ex01_4 = ExerciseEntry("1.4", "SGD with momentum", name: "Ex01_4_Momentum", minutes: 10)
}

/// The functions that an answer to exercise 1.1 provides.
public protocol Ex01_1: ExerciseAnswer {
  /// The outputs [N, out] of a dense layer for inputs [N, in], weights [out, in] and biases [out].
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor) throws -> Tensor
}

/// The functions that an answer to exercise 1.2 provides.
public protocol Ex01_2: ExerciseAnswer {
  /// The gradients with respect to inputs [N, in], weights [out, in] and biases [out] of a dense layer.
  static func backward(
    _ outputGradient: Tensor, input: Tensor, weight: Tensor
  ) throws -> (input: Tensor, weight: Tensor, bias: Tensor)
}

/// The functions that an answer to exercise 1.3 provides.
public protocol Ex01_3: ExerciseAnswer {
  /// The gradient of a function by central differences.
  static func gradient(of function: ([Double]) -> Double, at point: [Double], step: Double) throws -> [Double]
}

/// The functions that an answer to exercise 1.4 provides.
public protocol Ex01_4: ExerciseAnswer {
  /// Weights and velocities after one step of gradient descent with momentum.
  static func step(
    weights: [Float], gradients: [Float], velocities: [Float], learningRate: Float, momentum: Float
  ) throws -> (weights: [Float], velocities: [Float])
}
