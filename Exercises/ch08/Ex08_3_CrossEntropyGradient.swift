// Exercise 8.3: softmax with cross-entropy, and its gradient. Chapter 8, "One of many: softmax".

import ExerciseKit
import Foundation

/// Exercise 8.3 · The gradient of cross-entropy.
public enum Ex08_3_CrossEntropyGradient: Ex08_3 {
  /// Returns the mean cross-entropy of a batch: 1/N · Σₙ −ln softmax(zₙ)[tₙ].
  ///
  /// Compute it from the logits, ln Σ exp(z) − z[t], with the largest logit factored out of the sum: if the logit of a
  /// class is 110 below the largest, its probability is 0 in Float and the logarithm is infinite.
  ///
  /// - Parameters:
  ///   - logits: z, [N, C].
  ///   - labels: t, the right class of each sample, 0 ..< C.
  /// - Returns: the mean; ln 2 for the logits [[0, 0]].
  public static func loss(logits: Tensor, labels: [Int]) throws -> Float {
    throw Unsolved("8.3 The gradient of cross-entropy")
  }

  /// Returns the gradient of the mean with respect to the logits: (softmax(z) − y)/N, where y is 1 for the right class.
  ///
  /// - Parameters:
  ///   - logits: z, [N, C].
  ///   - labels: t, the right class of each sample, 0 ..< C.
  /// - Returns: [N, C]; for the logits [[0, 0]] and the label 0 it is [[−½, ½]].
  /// - Source: S0, *Understanding and Improving Convolutional Neural Networks*, section 4.2.
  public static func gradient(logits: Tensor, labels: [Int]) throws -> Tensor {
    throw Unsolved("8.3 The gradient of cross-entropy")
  }
}
