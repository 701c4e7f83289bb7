// The squared distance to the target.

import Tensors

/// The mean squared error: L = scale · Σⱼ (ŷⱼ − yⱼ)², averaged over the batch.
///
/// Shapes: [N, C]. A class is compared as a one-hot vector. The gradient is 2·scale·(ŷ − y)/N.
/// With `scale` ½ this is the loss of LeNet-5 in the sources; with 1/C it is the mean over all elements.
public struct MeanSquaredError: Loss {
  /// The factor in front of the sum over the outputs of one sample.
  public var scale: Float

  /// Creates a loss: by default ½ Σ (ŷ − y)².
  public init(scale: Float = 0.5) { self.scale = scale }

  public var name: String { "mean squared error" }

  public func evaluate(_ output: Tensor, _ target: Target, gradient: inout Tensor) -> Double {
    let samples = output.shape[0]
    let width = output.count / max(1, samples)
    checkTarget(target, samples: samples, classes: width, count: output.count, name)
    gradient.resize(to: output.shape)
    var total = 0.0
    let factor = 2 * scale / Float(samples)
    gradient.withUnsafeMutableElements { gradient in
      output.withUnsafeElements { output in
        for n in 0..<samples {
          for j in 0..<width {
            let wanted: Float =
              switch target {
              case .classes(let classes): classes[n] == j ? 1 : 0
              case .values(let values): values.elements[n * width + j]
              }
            let error = output[n * width + j] - wanted
            gradient[n * width + j] = factor * error
            total += Double(error) * Double(error)
          }
        }
      }
    }
    return Double(scale) * total / Double(samples)
  }
}
