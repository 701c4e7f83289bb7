// Softmax and log-softmax.

import Foundation
import Tensors

/// Softmax over the classes: yⱼ = exp(xⱼ) / Σₖ exp(xₖ), computed after subtracting the largest logit.
///
/// Shapes: [N, C], or [N, C, …] over C at each position; unchanged. ∂L/∂x = y ⊙ (∂L/∂y − Σ ∂L/∂y·y).
/// For training, use logits with ``SoftmaxCrossEntropy``: the combined derivative simplifies to p − y.
public struct Softmax: Layer {
  /// Creates the layer.
  public init() {}

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try classShape(kind, input) }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output.resize(to: input.shape)
    forEachColumn(input, &output) { x, y, classes, stride in
      let (largest, sum) = normalizer(x, classes, stride)
      for c in 0..<classes { y[c * stride] = Float(Double(exp(x[c * stride] - largest)) / sum) }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    output.withUnsafeElements { outputs in
      forEachColumn(outputGradient, &inputGradient) { dy, dx, classes, stride, place in
        guard let y = outputs.baseAddress.map({ $0 + place }) else { return }
        let mean = (0..<classes).reduce(0.0) { $0 + Double(dy[$1 * stride]) * Double(y[$1 * stride]) }
        for c in 0..<classes { dx[c * stride] = y[c * stride] * (dy[c * stride] - Float(mean)) }
      }
    }
  }
}

/// The logarithm of softmax: yⱼ = xⱼ − log Σₖ exp(xₖ), which never takes the logarithm of 0.
///
/// Shapes: as ``Softmax``. ∂L/∂x = ∂L/∂y − softmax(x)·Σ ∂L/∂y.
public struct LogSoftmax: Layer {
  /// Creates the layer.
  public init() {}

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try classShape(kind, input) }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output.resize(to: input.shape)
    forEachColumn(input, &output) { x, y, classes, stride in
      let (largest, sum) = normalizer(x, classes, stride)
      let shift = Double(largest) + log(sum)
      for c in 0..<classes { y[c * stride] = Float(Double(x[c * stride]) - shift) }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    output.withUnsafeElements { outputs in
      forEachColumn(outputGradient, &inputGradient) { dy, dx, classes, stride, place in
        guard let y = outputs.baseAddress.map({ $0 + place }) else { return }
        let sum = Float((0..<classes).reduce(0.0) { $0 + Double(dy[$1 * stride]) })
        for c in 0..<classes { dx[c * stride] = dy[c * stride] - exp(y[c * stride]) * sum }
      }
    }
  }
}

/// The largest logit, and the sum of the shifted exponentials.
private func normalizer(_ x: UnsafePointer<Float>, _ classes: Int, _ stride: Int) -> (largest: Float, sum: Double) {
  var largest = x[0]
  for c in 1..<max(1, classes) { largest = max(largest, x[c * stride]) }
  var sum = 0.0
  for c in 0..<classes { sum += Double(exp(x[c * stride] - largest)) }
  return (largest, sum)
}

private func classShape(_ kind: String, _ input: Shape) throws(ShapeError) -> Shape {
  guard input.rank >= 1, input[0] > 0 else {
    throw ShapeError(kind, expected: "[classes] or [classes, …]", received: input)
  }
  return input
}

/// Calls `body` for every position of every sample: the values of its classes are `stride` apart.
private func forEachColumn(
  _ x: Tensor, _ y: inout Tensor,
  _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ classes: Int, _ stride: Int, _ place: Int) -> Void
) {
  let classes = x.shape[1]
  let stride = x.shape.positions
  let samples = x.shape[0]
  x.withUnsafeElements { x in
    y.withUnsafeMutableElements { y in
      guard let x = x.baseAddress, let y = y.baseAddress else { return }
      for n in 0..<samples {
        for position in 0..<stride {
          let place = n * classes * stride + position
          body(x + place, y + place, classes, stride, place)
        }
      }
    }
  }
}

private func forEachColumn(
  _ x: Tensor, _ y: inout Tensor,
  _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ classes: Int, _ stride: Int) -> Void
) {
  forEachColumn(x, &y) { x, y, classes, stride, _ in body(x, y, classes, stride) }
}
