// The exercises of chapter 9: their titles, and the functions that an answer to each provides.

extension ExerciseEntry {
  package static let chapter09 = [ex09_1, ex09_2, ex09_3, ex09_4, ex09_5, ex09_6, ex09_7]

  package static let ex09_1 = ExerciseEntry("9.1", "Output size", name: "Ex09_1_OutputSize", minutes: 5)
  package static let ex09_2 = ExerciseEntry(
    "9.2", "Convolution, forward", name: "Ex09_2_ConvolutionForward", minutes: 25)
  package static let ex09_3 = ExerciseEntry(
    "9.3", "Convolution, backward", name: "Ex09_3_ConvolutionBackward", minutes: 35)
  package static let ex09_4 = ExerciseEntry("9.4", "Max pooling, overlapping", name: "Ex09_4_MaxPooling", minutes: 20)
  package static let ex09_5 = ExerciseEntry("9.5", "Average pooling", name: "Ex09_5_AveragePooling", minutes: 15)
  package static let ex09_6 = ExerciseEntry(
    "9.6", "Local response normalization", name: "Ex09_6_LocalResponseNorm", minutes: 15)
  package static let ex09_7 = ExerciseEntry("9.7", "Receptive field", name: "Ex09_7_ReceptiveField", minutes: 10)
}

/// The functions that an answer to exercise 9.1 provides.
public protocol Ex09_1: ExerciseAnswer {
  /// The number of positions of a window along one axis; 0 if it does not fit.
  static func outputSize(_ size: Int, kernel: Int, stride: Int, padding: Int) throws -> Int
}

/// The functions that an answer to exercise 9.2 provides.
public protocol Ex09_2: ExerciseAnswer {
  /// The convolution of a batch: [N, C, H, W] and weights [M, C, k, k] → [N, M, H′, W′].
  static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, stride: Int, padding: Int) throws -> Tensor
}

/// The functions that an answer to exercise 9.3 provides.
public protocol Ex09_3: ExerciseAnswer {
  /// The gradients of a convolution with respect to its input, its weights and its biases.
  static func backward(_ outputGradient: Tensor, input: Tensor, weight: Tensor, stride: Int, padding: Int) throws -> (
    input: Tensor, weight: Tensor, bias: Tensor
  )
}

/// The functions that an answer to exercise 9.4 provides.
public protocol Ex09_4: ExerciseAnswer {
  /// The largest number under each window: [N, C, H, W] → [N, C, H′, W′].
  static func forward(_ input: Tensor, kernel: Int, stride: Int) throws -> Tensor
  /// The gradient with respect to the input.
  static func backward(_ outputGradient: Tensor, input: Tensor, kernel: Int, stride: Int) throws -> Tensor
}

/// The functions that an answer to exercise 9.5 provides.
public protocol Ex09_5: ExerciseAnswer {
  /// The mean under each window: [N, C, H, W] → [N, C, H′, W′].
  static func forward(_ input: Tensor, kernel: Int, stride: Int) throws -> Tensor
  /// The gradient with respect to an input of the given shape.
  static func backward(_ outputGradient: Tensor, inputShape: [Int], kernel: Int, stride: Int) throws -> Tensor
}

/// The functions that an answer to exercise 9.6 provides.
public protocol Ex09_6: ExerciseAnswer {
  /// Local response normalization across channels: [N, C, H, W], unchanged in shape; `size` is odd.
  static func forward(_ input: Tensor, size: Int, alpha: Float, beta: Float, k: Float) throws -> Tensor
}

/// The functions that an answer to exercise 9.7 provides.
public protocol Ex09_7: ExerciseAnswer {
  /// The side of the square of pixels that one unit sees after windows with these kernels and strides.
  static func receptiveField(kernels: [Int], strides: [Int]) throws -> Int
}
