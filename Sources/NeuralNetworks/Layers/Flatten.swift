// Flattening: from an image to a vector.

import Tensors

/// Flattens the axes of each sample into one: [N, C, H, W] → [N, C·H·W]. The order of the elements does not change.
public struct Flatten: Layer {
  /// Creates the layer.
  public init() {}

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { [input.count] }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    let samples = input.shape[0]
    copy(input, into: &output, as: Shape(samples, input.count / max(1, samples)))
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    copy(outputGradient, into: &inputGradient, as: input.shape)
  }

  private func copy(_ source: Tensor, into target: inout Tensor, as shape: Shape) {
    target.resize(to: shape)
    source.withUnsafeElements { source in
      target.withUnsafeMutableElements { target in
        if let from = source.baseAddress { target.baseAddress?.update(from: from, count: source.count) }
      }
    }
  }
}
