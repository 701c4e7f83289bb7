// Exercise 9.6: Local response normalization. Chapter 9, "Local response normalization (LRN)".

import ExerciseKit
import Foundation

/// Exercise 9.6 · Local response normalization.
public enum Ex09_6_LocalResponseNorm: Ex09_6 {
  /// Returns each value divided by a measure of the activity in neighbouring channels at the same pixel.
  ///
  /// y_c = x_c / (k + α/size · Σ x_j²)^β, where j runs over the `size` channels centred on c, cut off at the first and
  /// the last channel. α is divided by `size` even there.
  ///
  /// - Parameters:
  ///   - input: x, [N, C, H, W].
  ///   - size: the number of channels in the sum; odd.
  ///   - alpha: α.
  ///   - beta: β.
  ///   - k: k, which keeps the divisor away from 0.
  /// - Returns: y, [N, C, H, W].
  /// - Source: Krizhevsky, Sutskever and Hinton 2012, section 3.3 (which does not divide α).
  public static func forward(_ input: Tensor, size: Int, alpha: Float, beta: Float, k: Float) throws -> Tensor {
    throw Unsolved("9.6 Local response normalization")
  }
}
