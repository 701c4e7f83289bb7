// Binary cross-entropy: independent yes-or-no answers.

import Foundation
import Tensors

/// Binary cross-entropy of a sigmoid over logits: L = max(z, 0) − z·y + log(1 + exp(−|z|)).
///
/// This equals −y·log σ(z) − (1 − y)·log(1 − σ(z)), but neither overflows nor takes the logarithm of 0.
/// Shapes: logits of any shape; targets in [0, 1] of the same shape, or classes, used as one-hot rows, for logits [N,
/// C]. The reduction is over all elements, not only over samples. For the mean, the gradient is (σ(z) − y)/count: as
/// with ``SoftmaxCrossEntropy``, the derivative of the activation cancels.
public struct BinaryCrossEntropy: Loss {
  /// Mean or sum over all elements.
  public var reduction: Reduction

  /// Creates a loss.
  public init(reduction: Reduction = .mean) { self.reduction = reduction }

  public var name: String { "binary cross-entropy" + reduction.suffix }

  public func evaluate(_ output: Tensor, _ target: Target, gradient: inout Tensor) -> Double {
    let logits = output
    let samples = logits.shape[0]
    let width = logits.count / max(1, samples)
    checkTarget(target, samples: samples, classes: width, count: logits.count, name)
    gradient.resize(to: logits.shape)
    let count = Double(reduction.divisor(logits.count))
    var total = 0.0
    gradient.withUnsafeMutableElements { gradient in
      logits.withUnsafeElements { logits in
        for i in 0..<logits.count {
          let desired: Float =
            switch target {
            case .classes(let classes): classes[i / width] == i % width ? 1 : 0
            case .values(let values): values.elements[i]
            }
          let (z, y) = (Double(logits[i]), Double(desired))
          // exp of a negative number only: at most 1.
          let e = exp(-abs(z))
          // `max` returns 0 for a NaN, but z·y is NaN again.
          total += max(z, 0) - z * y + log1p(e)
          gradient[i] = Float(((z >= 0 ? 1 / (1 + e) : e / (1 + e)) - y) / count)
        }
      }
    }
    return total / count
  }
}
