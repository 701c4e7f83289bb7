// Solution of exercise 8.2: softmax and log-sum-exp for logits of any magnitude.

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
    let (samples, classes) = (logits.shape[0], logits.shape[1])
    var result = Tensor(zeros: logits.shape)
    for n in 0..<samples {
      let row = logits.elements[n * classes..<(n + 1) * classes]
      // Subtract the largest logit of the row: the largest exponential is then 1, and the sum is at least 1.
      let largest = row.max() ?? 0
      let exponentials = row.map { exp($0 - largest) }
      let sum = exponentials.reduce(0, +)
      for j in 0..<classes { result[n, j] = exponentials[j] / sum }
    }
    return result
  }

  /// Returns ln Σⱼ exp(z[n, j]) of each row, without overflow.
  ///
  /// Factoring the largest exponential out of the sum gives max + ln Σ exp(z − max).
  ///
  /// - Parameter logits: z, [N, C], of any magnitude.
  /// - Returns: N numbers; for [[0, 0]] it is ln 2 = 0.6931.
  public static func logSumExp(_ logits: Tensor) throws -> [Float] {
    let classes = logits.shape[1]
    return (0..<logits.shape[0]).map { n in
      let row = logits.elements[n * classes..<(n + 1) * classes]
      let largest = row.max() ?? 0
      // Add back the number subtracted in the exponents.
      return largest + log(row.map { exp($0 - largest) }.reduce(0, +))
    }
  }
}
