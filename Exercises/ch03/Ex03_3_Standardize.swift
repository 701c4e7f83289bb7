// Exercise 3.3: images brought to mean 0 and standard deviation 1. Chapter 3, "From the training set only".

import ExerciseKit

/// Exercise 3.3 · Standardize.
public enum Ex03_3_Standardize: Ex03_3 {
  /// Returns images in which each channel has been shifted and scaled: x′ = (x − μ[c]) / σ[c].
  ///
  /// With its own statistics, the training set gets channels of mean 0 and standard deviation 1. If σ[c] is 0, the
  /// channel was constant in training: subtract only the mean.
  ///
  /// - Parameters:
  ///   - images: [N, C, H, W], from any set.
  ///   - mean: μ of the training set, C numbers.
  ///   - standardDeviation: σ of the training set, C numbers, none negative.
  /// - Returns: [N, C, H, W]; pixels 3, 7 with μ = 5 and σ = 2 become −1, 1.
  /// - Source: LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, section 4.3.
  public static func standardize(
    _ images: Tensor, mean: [Float], standardDeviation: [Float]
  ) throws -> Tensor {
    throw Unsolved("3.3 Standardize")
  }
}
