// Subtraction of the mean image, as in AlexNet.

import Tensors

/// Subtracts the mean training sample: x′ = x − μ with μ = (1/N) Σₙ xₙ, element by element.
///
/// Every input of the first layer then has mean 0 over the training set. If all inputs were positive, all weight
/// gradients of a unit would have the same sign.
///
/// - Source: Krizhevsky, Sutskever and Hinton 2012, section 2.
public struct MeanImage: Preprocessing, Hashable {
  /// The mean sample, with the shape of one sample.
  public let mean: Tensor

  public var name: String { "mean image" }

  public static func fit(_ train: Tensor) -> MeanImage {
    demandSamples(train, "MeanImage")
    let width = train.shape.withoutBatch.count
    // In Double: the sum of 60,000 floats would lose three digits in single precision.
    var sums = [Double](repeating: 0, count: width)
    train.withUnsafeElements { x in
      sums.withUnsafeMutableBufferPointer { sums in
        for row in stride(from: 0, to: x.count, by: width) {
          for i in 0..<width { sums[i] += Double(x[row + i]) }
        }
      }
    }
    return MeanImage(mean: Tensor(train.shape.withoutBatch, sums.map { Float($0 / Double(train.shape[0])) }))
  }

  public func apply(to inputs: inout Tensor) {
    demandSamples(inputs, of: mean.shape, "MeanImage")
    let width = mean.count
    inputs.withUnsafeMutableElements { x in
      mean.withUnsafeElements { mean in
        for row in stride(from: 0, to: x.count, by: width) {
          for i in 0..<width { x[row + i] -= mean[i] }
        }
      }
    }
  }
}
