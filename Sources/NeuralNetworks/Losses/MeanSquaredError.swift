// The squared distance to the target.

import Tensors

/// The mean squared error: L = scale · Σⱼ (ŷⱼ − yⱼ)², averaged or summed over the batch.
///
/// Shapes: [N, C]. A class is used as a one-hot vector. For the mean, the gradient is 2·scale·(ŷ − y)/N.
/// With `scale` = ½ this is the loss of LeNet-5 in the sources; with 1/C it is the mean over all elements.
public struct MeanSquaredError: Loss {
  /// The factor in front of the sum over the outputs of one sample.
  public var scale: Float

  /// Mean or sum over the samples.
  public var reduction: Reduction

  /// Creates a loss: by default ½ Σ (ŷ − y)², averaged over the batch.
  public init(scale: Float = 0.5, reduction: Reduction = .mean) {
    self.scale = scale
    self.reduction = reduction
  }

  public var name: String { "mean squared error" + reduction.suffix }

  public func evaluate(_ output: Tensor, _ target: Target, gradient: inout Tensor) -> Double {
    let samples = output.shape[0]
    let width = output.count / max(1, samples)
    checkTarget(target, samples: samples, classes: width, count: output.count, name)
    gradient.resize(to: output.shape)
    let divisor = reduction.divisor(samples)
    let factor = 2 * scale / Float(divisor)
    var classes: [Int] = []
    var values: [Float] = []
    switch target {
    case .classes(let all): classes = all
    case .values(let tensor): values = tensor.elements
    }
    let total = gradient.withUnsafeMutableElements { gradient in
      var total = 0.0
      for n in 0..<samples {
        for j in n * width..<(n + 1) * width {
          let desired: Float = values.isEmpty ? (classes[n] == j - n * width ? 1 : 0) : values[j]
          let error = output.elements[j] - desired
          gradient[j] = factor * error
          total += Double(error) * Double(error)
        }
      }
      return total
    }
    return Double(scale) * total / Double(divisor)
  }
}
