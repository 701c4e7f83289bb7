// Solution of exercise 8.1: the gradient of squared error through a sigmoid.

import ExerciseKit
import Foundation

/// Exercise 8.1 · Squared error through a sigmoid.
public enum Ex08_1_SquaredErrorThroughSigmoid: Ex08_1 {
  /// Returns ∂L/∂z for the squared error of sigmoid outputs.
  ///
  /// With s = σ(z) = 1/(1 + e⁻ᶻ), the loss is L = 1/N · Σₙ ½ Σⱼ (sₙⱼ − yₙⱼ)²: half the sum over the outputs of a
  /// sample, averaged over the N samples. By the chain rule, ∂L/∂z is the error times the slope of the sigmoid.
  ///
  /// - Parameters:
  ///   - logits: z, [N, C].
  ///   - targets: y, [N, C], each from 0 to 1.
  /// - Returns: [N, C]; for the logit 0 with target 0 it is 0.125.
  /// - Source: S0, *Understanding and Improving Convolutional Neural Networks*, section 3.2.
  public static func gradient(logits: Tensor, targets: Tensor) throws -> Tensor {
    let samples = Float(logits.shape[0])
    let gradient = zip(logits.elements, targets.elements).map { z, y in
      let s = 1 / (1 + exp(-z))
      // The error times the slope of the sigmoid, which depends only on its output, averaged over the batch.
      return (s - y) * s * (1 - s) / samples
    }
    return Tensor(logits.shape, gradient)
  }
}
