// Cross-entropy of independent yes-or-no answers.

import Foundation
import Tensors

/// Binary cross-entropy of a sigmoid over logits: L = max(z, 0) − z·y + log(1 + exp(−|z|)).
///
/// This is −y·log σ(z) − (1 − y)·log(1 − σ(z)), written so that it neither overflows nor takes the logarithm of 0.
/// Shapes: logits of any shape; targets in [0, 1] of the same shape, or classes as one-hot rows for logits [N, C].
/// Reduced over all elements, not samples alone. The gradient is (σ(z) − y)/count for the mean: as with ``SoftmaxCrossEntropy`` no derivative of
/// the activation is left in it.
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
          let wanted: Float =
            switch target {
            case .classes(let classes): classes[i / width] == i % width ? 1 : 0
            case .values(let values): values.elements[i]
            }
          let (z, y) = (Double(logits[i]), Double(wanted))
          // exp of a negative number only: at most 1.
          let e = exp(-abs(z))
          // A NaN loses against 0 in `max`, and comes back in through z·y.
          total += max(z, 0) - z * y + log1p(e)
          gradient[i] = Float(((z >= 0 ? 1 / (1 + e) : e / (1 + e)) - y) / count)
        }
      }
    }
    return total / count
  }
}
