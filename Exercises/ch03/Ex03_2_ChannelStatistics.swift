// Exercise 3.2: mean and standard deviation of each channel. Chapter 3, "From the training set only".

import ExerciseKit
import Foundation

/// Exercise 3.2 · Channel statistics.
public enum Ex03_2_ChannelStatistics: Ex03_2 {
  /// Returns the mean and the standard deviation of each channel, over all training images and all their pixels.
  ///
  /// μ[c] = (1/(N·H·W)) Σ x[n, c, i] and σ[c]² = (1/(N·H·W)) Σ (x[n, c, i] − μ[c])².
  ///
  /// - Parameter train: the training images, [N, C, H, W], at least one.
  /// - Returns: C means and C standard deviations; a constant channel has a standard deviation of 0.
  /// - Source: LeCun, Bottou, Orr and Müller 1998, *Efficient BackProp*, section 4.3.
  public static func channelStatistics(_ train: Tensor) throws -> (mean: [Float], standardDeviation: [Float]) {
    throw Unsolved("3.2 Channel statistics")
  }
}
