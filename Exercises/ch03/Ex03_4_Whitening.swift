// Exercise 3.4: coordinates along principal components, and whitening. Chapter 3, "Do PCA and whitening help?".

import ExerciseKit
import Foundation

/// Exercise 3.4 · PCA projection and whitening.
public enum Ex03_4_Whitening: Ex03_4 {
  /// Returns the coordinates of samples along principal components: z = U·(x − μ).
  ///
  /// - Parameters:
  ///   - samples: [N, D], one sample per row.
  ///   - mean: the mean μ of the training samples, D numbers.
  ///   - components: U, [K, D]: each row is a direction of length 1, the one with the largest variance first.
  /// - Returns: [N, K]. The sample (2, 4) with mean (1, 2) and the components (0.6, 0.8) and (−0.8, 0.6) has the
  ///   coordinates 2.2 and 0.4.
  /// - Source: Pearson 1901; Hotelling 1933.
  public static func project(_ samples: Tensor, mean: [Float], components: Tensor) throws -> Tensor {
    throw Unsolved("3.4 PCA projection and whitening")
  }

  /// Returns whitened samples: z[k] / √(λ[k] + ε), where z are the coordinates that `project` returns.
  ///
  /// - Parameters:
  ///   - samples: [N, D].
  ///   - mean: the mean of the training samples, D numbers.
  ///   - components: [K, D].
  ///   - variances: λ, the variance of the training samples along each component, K numbers, none negative.
  ///   - epsilon: ε, which keeps directions without variance from blowing up.
  /// - Returns: [N, K].
  /// - Source: Krizhevsky 2009, *Learning multiple layers of features from tiny images*, appendix A.
  public static func whiten(
    _ samples: Tensor, mean: [Float], components: Tensor, variances: [Float], epsilon: Float
  ) throws -> Tensor {
    throw Unsolved("3.4 PCA projection and whitening")
  }
}
