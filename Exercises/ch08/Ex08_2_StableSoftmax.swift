// Exercise 8.2: softmax and log-sum-exp for logits of any magnitude. Chapter 8, "One of many: softmax".

import ExerciseKit
import Foundation

/// Exercise 8.2 · A softmax that does not overflow.
public enum Ex08_2_StableSoftmax: Ex08_2 {
  /// Returns the softmax of each row: p[n, j] = exp(z[n, j]) / Σₖ exp(z[n, k]).
  ///
  /// The formula itself overflows: in Float the exponential of 89 is infinite. A number subtracted from all logits of
  /// a row cancels; choose it so that no exponent is above 0.
  ///
  /// - Parameter logits: z, [N, C], of any magnitude.
  /// - Returns: [N, C], each row adding up to 1; for [[0, 0]] it is [[½, ½]], and for [[1000, 1000]] too.
  public static func softmax(_ logits: Tensor) throws -> Tensor {
    throw Unsolved("8.2 A softmax that does not overflow")
  }

  /// Returns ln Σⱼ exp(z[n, j]) of each row, without overflow.
  ///
  /// Factoring the largest exponential out of the sum gives max + ln Σ exp(z − max).
  ///
  /// - Parameter logits: z, [N, C], of any magnitude.
  /// - Returns: N numbers; for [[0, 0]] it is ln 2 = 0.6931.
  public static func logSumExp(_ logits: Tensor) throws -> [Float] {
    throw Unsolved("8.2 A softmax that does not overflow")
  }
}
