// The exercises of chapter 11: their titles, and the functions that an answer to each provides.

extension ExerciseEntry {
  package static let chapter11 = [ex11_1, ex11_2, ex11_3, ex11_4, ex11_5]

  package static let ex11_1 = ExerciseEntry(
    "11.1", "Residual block, forward and backward", name: "Ex11_1_ResidualBlock", minutes: 30)
  package static let ex11_2 = ExerciseEntry("11.2", "Bottleneck cost", name: "Ex11_2_BottleneckCost", minutes: 15)
  package static let ex11_3 = ExerciseEntry(
    "11.3", "VGG from a configuration", name: "Ex11_3_VGGFromConfiguration", minutes: 20)
  package static let ex11_4 = ExerciseEntry("11.4", "AlexNet shape walk", name: "Ex11_4_AlexNetShapes", minutes: 15)
  package static let ex11_5 = ExerciseEntry("11.5", "The sawtooth net", name: "Ex11_5_SawtoothNet", minutes: 30)
}

/// The functions that an answer to exercise 11.1 provides.
public protocol Ex11_1: ExerciseAnswer {
  /// y = max(0, x + F(x)) with F(x) = max(0, x·w1ᵀ)·w2ᵀ.
  static func forward(_ input: Tensor, w1: Tensor, w2: Tensor) throws -> Tensor
  /// The gradients with respect to the input and both weights.
  static func backward(_ outputGradient: Tensor, input: Tensor, w1: Tensor, w2: Tensor) throws -> (
    input: Tensor, w1: Tensor, w2: Tensor
  )
}

/// The functions that an answer to exercise 11.2 provides.
public protocol Ex11_2: ExerciseAnswer {
  /// The weights of a bottleneck's convolutions: 1×1 down, 3×3, 1×1 up, and of its shortcut (0 if it has none).
  static func weights(inputs: Int, width: Int, expansion: Int, stride: Int) throws -> [Int]
  /// The multiply-adds of the whole block for one image of side×side pixels.
  static func multiplyAdds(inputs: Int, width: Int, expansion: Int, stride: Int, side: Int) throws -> Int
}

/// The functions that an answer to exercise 11.3 provides.
public protocol Ex11_3: ExerciseAnswer {
  /// A VGG network for colour images of side×side pixels.
  static func network(stages: [Int], channels: [Int], hidden: Int, classes: Int, side: Int) throws -> Sequential
}

/// The functions that an answer to exercise 11.4 provides.
public protocol Ex11_4: ExerciseAnswer {
  /// The side of the maps after each of AlexNet's eight windows.
  static func sides(image: Int) throws -> [Int]
  /// The parameters of each of its eight layers with weights.
  static func parameters(image: Int) throws -> [Int]
}

/// The functions that an answer to exercise 11.5 provides.
public protocol Ex11_5: ExerciseAnswer {
  /// A network with one input and one output that folds 0 … 1 `folds` times, with two ReLU units in each hidden layer.
  static func network(folds: Int) throws -> Sequential
  /// The number of ReLU units that a network with one hidden layer needs for the same function.
  static func shallowUnits(folds: Int) throws -> Int
}
