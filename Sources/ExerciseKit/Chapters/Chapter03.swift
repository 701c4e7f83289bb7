// The exercises of chapter 3: their titles, and the functions that an answer to each provides.

extension ExerciseEntry {
  package static let chapter03 = [ex03_1, ex03_2, ex03_3, ex03_4]

  package static let ex03_1 = ExerciseEntry("3.1", "Mean image", name: "Ex03_1_MeanImage", minutes: 10)
  package static let ex03_2 = ExerciseEntry("3.2", "Channel statistics", name: "Ex03_2_ChannelStatistics", minutes: 12)
  package static let ex03_3 = ExerciseEntry("3.3", "Standardize", name: "Ex03_3_Standardize", minutes: 8)
  package static let ex03_4 = ExerciseEntry(
    "3.4", "PCA projection and whitening", name: "Ex03_4_Whitening", minutes: 15)
}

/// The functions that an answer to exercise 3.1 provides.
public protocol Ex03_1: ExerciseAnswer {
  /// The mean of the training images, [N, C, H, W] → [C, H, W].
  static func meanImage(_ train: Tensor) throws -> Tensor
  /// Images with a mean image subtracted, [N, C, H, W].
  static func center(_ images: Tensor, by mean: Tensor) throws -> Tensor
}

/// The functions that an answer to exercise 3.2 provides.
public protocol Ex03_2: ExerciseAnswer {
  /// Mean and standard deviation of each channel of the training images, [N, C, H, W].
  static func channelStatistics(_ train: Tensor) throws -> (mean: [Float], standardDeviation: [Float])
}

/// The functions that an answer to exercise 3.3 provides.
public protocol Ex03_3: ExerciseAnswer {
  /// Images with each channel brought to mean 0 and standard deviation 1, given the training set's statistics.
  static func standardize(_ images: Tensor, mean: [Float], standardDeviation: [Float]) throws -> Tensor
}

/// The functions that an answer to exercise 3.4 provides.
public protocol Ex03_4: ExerciseAnswer {
  /// The coordinates of samples along principal components, [N, D] → [N, K].
  static func project(_ samples: Tensor, mean: [Float], components: Tensor) throws -> Tensor
  /// The same, divided by the standard deviations of the training samples along the components.
  static func whiten(
    _ samples: Tensor, mean: [Float], components: Tensor, variances: [Float], epsilon: Float
  ) throws -> Tensor
}
