// Stochastic pooling.

import Tensors

/// Stochastic pooling: draws one pixel under each window, with a probability proportional to its value.
///
/// Training: y = x_l with l drawn from pᵢ = xᵢ/Σx; only that pixel receives the gradient.
/// Inference: the expectation Σ pᵢ·xᵢ = Σx²/Σx, whose derivative is ∂y/∂xᵢ = (2xᵢ − y)/Σx.
/// Values below 0 count as 0: the layer should follow a ReLU. A window without a positive value gives 0.
/// Shapes: [N, C, H, W] → [N, C, H′, W′], without padding; windows may overlap.
/// - Source: Zeiler and Fergus 2013, arXiv:1301.3557, eqs. 4 to 6.
public struct StochasticPool: Layer {
  /// The size of a window.
  public let kernel: Extent
  /// The step from window to window.
  public let stride: Extent

  /// The pixel drawn for each output in the last training pass, or −1 if none was positive; empty after inference.
  private var drawn: [Int] = []

  /// Creates a layer; without a stride the windows tile the image.
  public init(_ kernel: Extent, stride: Extent? = nil) {
    let stride = stride ?? kernel
    self.kernel = kernel
    self.stride = stride
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try pooledShape(kind, Window(kernel: kernel, stride: stride), input)
  }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output.resize(to: outputBatch(input.shape))
    let isTraining = pass.mode == .training
    drawn = isTraining ? [Int](repeating: -1, count: output.count) : []
    input.withUnsafeElements { x in
      output.withUnsafeMutableElements { y in
        forEachWindow(input.shape) { place, pixels in
          var (sum, squares) = (0.0, 0.0)
          pixels { i in
            // This form keeps NaN.
            let value = x[i] < 0 ? 0 : Double(x[i])
            sum += value
            squares += value * value
          }
          y[place] = sum == 0 ? 0 : Float(squares / sum)
          guard isTraining, sum != 0 else { return }
          var rest = Double(pass.generator.nextUniform()) * sum
          var choice = -1
          pixels { i in
            // Once the draw has selected a positive pixel (rest < 0), the others are skipped. If rounding leaves a
            // remainder at the end, the last positive pixel is selected.
            if rest < 0 || !(x[i] > 0) { return }
            choice = i
            rest -= Double(x[i])
          }
          drawn[place] = choice
          if choice >= 0 { y[place] = x[choice] }
        }
      }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    input.withUnsafeElements { x in
      inputGradient.withUnsafeMutableElements { dx in
        dx.update(repeating: 0)
        if !drawn.isEmpty {
          for (place, choice) in drawn.enumerated() where choice >= 0 { dx[choice] += outputGradient.elements[place] }
          return
        }
        forEachWindow(input.shape) { place, pixels in
          var sum = 0.0
          pixels { sum += x[$0] < 0 ? 0 : Double(x[$0]) }
          if sum == 0 { return }
          let (dy, y) = (Double(outputGradient.elements[place]), Double(output.elements[place]))
          pixels { i in if x[i] > 0 { dx[i] += Float(dy * (2 * Double(x[i]) - y) / sum) } }
        }
      }
    }
  }

  private func outputBatch(_ shape: Shape) -> Shape {
    let sample = try? outputShape(for: shape.withoutBatch)
    demand(sample != nil, "StochasticPool: [N, C, H, W] of at least \(kernel) expected, got \(shape)")
    return (sample ?? []).batched(shape[0])
  }

  /// Visits each output element: its index, and a function that visits the pixels under its window in reading order.
  private func forEachWindow(_ shape: Shape, _ visit: (_ place: Int, _ pixels: ((Int) -> Void) -> Void) -> Void) {
    let output = outputBatch(shape)
    var place = 0
    for plane in 0..<shape[0] * shape[1] {
      for i in 0..<output[2] {
        for j in 0..<output[3] {
          let corner = (plane * shape[2] + i * stride.height) * shape[3] + j * stride.width
          visit(place) { pixel in
            for row in 0..<kernel.height { for column in 0..<kernel.width { pixel(corner + row * shape[3] + column) } }
          }
          place += 1
        }
      }
    }
  }
}
