// The negative log-likelihood of log-probabilities.

import Tensors

/// The negative log-likelihood: L = −xₜ for the true class t, averaged or summed over the batch.
///
/// Shapes: log-probabilities [N, C], the output of ``LogSoftmax``. The two together equal ``SoftmaxCrossEntropy``.
public struct NegativeLogLikelihood: Loss {
  /// Mean or sum over the samples.
  public var reduction: Reduction

  /// Creates a loss.
  public init(reduction: Reduction = .mean) { self.reduction = reduction }

  public var name: String { "negative log-likelihood" + reduction.suffix }

  public func evaluate(_ output: Tensor, _ target: Target, gradient: inout Tensor) -> Double {
    let samples = output.shape[0]
    let width = output.count / max(1, samples)
    checkTarget(target, samples: samples, classes: width, count: output.count, name)
    gradient.resize(to: output.shape)
    var total = 0.0
    let divisor = reduction.divisor(samples)
    gradient.withUnsafeMutableElements { gradient in
      for n in 0..<samples {
        for j in 0..<width {
          let desired: Float =
            switch target {
            case .classes(let classes): classes[n] == j ? 1 : 0
            case .values(let values): values.elements[n * width + j]
            }
          gradient[n * width + j] = -desired / Float(divisor)
          if desired != 0 { total -= Double(desired) * Double(output.elements[n * width + j]) }
        }
      }
    }
    return total / Double(divisor)
  }
}
