// Softmax and cross-entropy combined.

import Foundation
import Tensors

/// Cross-entropy of a softmax over logits: L = −Σⱼ yⱼ·log softmax(z)ⱼ, averaged or summed over the batch.
///
/// Shapes: logits [N, C]. For the mean, the gradient with respect to the logits is (softmax(z) − y)/N. It contains no
/// derivative of an activation, so a badly wrong output is corrected quickly.
/// The logarithm of the softmax is computed as z − max z − log Σ exp(z − max z), which neither overflows nor takes the
/// logarithm of 0.
public struct SoftmaxCrossEntropy: Loss {
  /// The share ε of each target that is spread evenly over all classes: y = (1 − ε)·onehot + ε/C.
  ///
  /// - Source: Szegedy et al. 2016, arXiv:1512.00567, section 7.
  public var labelSmoothing: Float
  /// Mean or sum over the samples.
  public var reduction: Reduction

  /// Creates a loss.
  public init(labelSmoothing: Float = 0, reduction: Reduction = .mean) {
    demand(
      labelSmoothing >= 0 && labelSmoothing < 1,
      "SoftmaxCrossEntropy: label smoothing must lie in [0, 1), got \(labelSmoothing)")
    self.labelSmoothing = labelSmoothing
    self.reduction = reduction
  }

  public var name: String { "cross-entropy" + reduction.suffix }

  public func evaluate(_ output: Tensor, _ target: Target, gradient: inout Tensor) -> Double {
    let logits = output
    let samples = logits.shape[0]
    let width = logits.count / max(1, samples)
    checkTarget(target, samples: samples, classes: width, count: logits.count, name)
    gradient.resize(to: logits.shape)
    var total = 0.0
    let divisor = reduction.divisor(samples)
    let share = labelSmoothing / Float(width)
    gradient.withUnsafeMutableElements { gradient in
      logits.withUnsafeElements { logits in
        for n in 0..<samples {
          let z = UnsafeBufferPointer(rebasing: logits[n * width..<(n + 1) * width])
          let g = UnsafeMutableBufferPointer(rebasing: gradient[n * width..<(n + 1) * width])
          // Subtract the row maximum: exp overflows Float at 88.7, and the shift cancels.
          let largest = z.max() ?? 0
          var sum = 0.0
          for j in 0..<width {
            let e = exp(z[j] - largest)
            g[j] = e
            sum += Double(e)
          }
          let logSum = Double(largest) + log(sum)
          for j in 0..<width {
            let desired: Float =
              switch target {
              case .classes(let classes): (classes[n] == j ? 1 - labelSmoothing : 0) + share
              case .values(let values): values.elements[n * width + j]
              }
            if desired != 0 { total += Double(desired) * (logSum - Double(z[j])) }
            g[j] = (Float(Double(g[j]) / sum) - desired) / Float(divisor)
          }
          // `max` may ignore a NaN among the logits, but the loss must not.
          if z.contains(where: { $0.isNaN }) { total = .nan }
        }
      }
    }
    return total / Double(divisor)
  }
}
