// The exercises of chapter 7: their titles, and the functions that an answer to each provides.

extension ExerciseEntry {
  package static let chapter07 = [ex07_1, ex07_2, ex07_3, ex07_4, ex07_5, ex07_6]

  package static let ex07_1 = ExerciseEntry(
    "7.1", "Penalties and their gradients", name: "Ex07_1_Penalties", minutes: 10)
  package static let ex07_2 = ExerciseEntry("7.2", "Early stopping", name: "Ex07_2_EarlyStopping", minutes: 15)
  package static let ex07_3 = ExerciseEntry("7.3", "Crop and shift", name: "Ex07_3_CropAndShift", minutes: 15)
  package static let ex07_4 = ExerciseEntry("7.4", "Equalize, solarize, posterize", name: "Ex07_4_Tones", minutes: 20)
  package static let ex07_5 = ExerciseEntry("7.5", "Stochastic pooling", name: "Ex07_5_StochasticPooling", minutes: 20)
  package static let ex07_6 = ExerciseEntry("7.6", "Clip by norm", name: "Ex07_6_ClipByNorm", minutes: 10)
}

/// The functions that an answer to exercise 7.1 provides.
public protocol Ex07_1: ExerciseAnswer {
  /// λ₁·Σ|w| + ½·λ₂·Σw².
  static func penalty(_ weights: [Float], l1: Float, l2: Float) throws -> Float
  /// The contribution of the penalty to the gradient of each weight.
  static func gradient(_ weights: [Float], l1: Float, l2: Float) throws -> [Float]
}

/// The functions that an answer to exercise 7.2 provides.
public protocol Ex07_2: ExerciseAnswer {
  /// The epoch after which training stops, and the best up to there, counted from 1.
  static func stop(errors: [Float], patience: Int) throws -> (stopped: Int, best: Int)
}

/// The functions that an answer to exercise 7.3 provides.
public protocol Ex07_3: ExerciseAnswer {
  /// The picture [C, H, W] moved by whole pixels; zeros come into view.
  static func shifted(_ image: Tensor, down: Int, right: Int) throws -> Tensor
  /// A crop of the picture's size from the picture with a border of zeros.
  static func cropped(_ image: Tensor, padding: Int, top: Int, left: Int) throws -> Tensor
}

/// The functions that an answer to exercise 7.4 provides.
public protocol Ex07_4: ExerciseAnswer {
  /// The levels, with those at or above the threshold inverted.
  static func solarized(_ levels: [Int], threshold: Int) throws -> [Int]
  /// Only the highest bits of each level.
  static func posterized(_ levels: [Int], bits: Int) throws -> [Int]
  /// The levels, spread out so that all are used about equally often.
  static func equalized(_ levels: [Int]) throws -> [Int]
}

/// The functions that an answer to exercise 7.5 provides.
public protocol Ex07_5: ExerciseAnswer {
  /// The index of the pixel that is drawn; −1 if none is positive.
  static func pick(_ window: [Float], draw: Float) throws -> Int
  /// Σx²/Σx.
  static func expectation(_ window: [Float]) throws -> Float
  /// The gradient of the window's pixels in training.
  static func backward(_ outputGradient: Float, window: [Float], draw: Float) throws -> [Float]
}

/// The functions that an answer to exercise 7.6 provides.
public protocol Ex07_6: ExerciseAnswer {
  /// The gradients of all parameters, scaled down together if their joint norm is above the limit.
  static func clipped(_ gradients: [[Float]], limit: Float) throws -> [[Float]]
}
