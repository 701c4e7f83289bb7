// Solution of exercise 9.6: Local response normalization.

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
    let count = input.shape[1]
    var y = Tensor(zeros: input.shape)
    for n in 0..<input.shape[0] {
      for c in 0..<count {
        let channels = max(0, c - size / 2)...min(count - 1, c + size / 2)
        for i in 0..<input.shape[2] {
          for j in 0..<input.shape[3] {
            var sum: Float = 0
            for channel in channels { sum += input[n, channel, i, j] * input[n, channel, i, j] }
            y[n, c, i, j] = input[n, c, i, j] / pow(k + alpha / Float(size) * sum, beta)
          }
        }
      }
    }
    return y
  }
}
