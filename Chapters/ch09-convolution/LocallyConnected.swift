// A layer between the dense one and the convolution: windows as in a convolution, but weights of its own at every place.

import Workbook

/// Windows without equal weights: every unit looks through a window, as in a convolution, and has weights of its own.
///
/// Shapes: vectors, [C·H·W] → [M·H′·W′], the maps one after the other. The layer is a dense one whose weights outside of the
/// windows are 0 and stay so.
/// - Source: LeCun 1989, "Generalization and network design strategies".
struct LocallyConnected: Layer {
  /// The dense layer that it is: weights [M·H′·W′, C·H·W].
  var dense: Dense
  /// 1 where a unit's window lies, 0 elsewhere; of the shape of the weights.
  let mask: Tensor
  /// The weights of one unit.
  let taps: Int

  /// Creates a layer with weights of 0; the model around it draws them.
  ///
  /// - Parameter window: without a border.
  init(_ inputs: Int, _ outputs: Int, image: Int, window: Window) {
    demand(window.padding.isZero, "LocallyConnected: a window without padding expected, got \(window.padding)")
    let positions = window.outputSize(over: Extent(image)) ?? Extent(0)
    let (size, units) = (inputs * image * image, outputs * positions.area)
    taps = inputs * window.kernel.area
    var inside = [Float](repeating: 0, count: units * size)
    for unit in 0..<units {
      let (i, j) = (unit % positions.area / positions.width, unit % positions.width)
      for tap in 0..<taps {
        let (c, u, v) = (
          tap / window.kernel.area, tap % window.kernel.area / window.kernel.width, tap % window.kernel.width
        )
        let y = i * window.stride.height + u * window.dilation.height
        let x = j * window.stride.width + v * window.dilation.width
        inside[unit * size + (c * image + y) * image + x] = 1
      }
    }
    mask = Tensor([units, size], inside)
    dense = Dense(size, units)
  }

  /// What can be learned: the weights in the windows, and a bias for each unit.
  var freeParameters: Int { dense.outputs * (taps + 1) }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    do throws(ShapeError) {
      return try dense.outputShape(for: input)
    } catch {
      throw ShapeError(kind, expected: error.expected, received: error.received, arithmetic: error.arithmetic)
    }
  }

  func multiplyAdds(for input: Shape) -> Int { dense.outputs * taps }

  mutating func initialize(using generator: inout SeededGenerator) {
    dense.initialize(using: &generator)
    // A unit's fan-in is its window, not the whole image.
    Initializer.heNormal.fill(&dense.weight.value, fans: Fans(fanIn: taps, fanOut: taps), using: &generator)
    dense.weight.value = masked(dense.weight.value)
  }

  mutating func forward(
    _ input: Tensor, into output: inout Tensor, in pass: inout Pass
  ) {
    dense.forward(input, into: &output, in: &pass)
  }

  mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor,
    into inputGradient: inout Tensor
  ) {
    dense.backward(outputGradient, input: input, output: output, into: &inputGradient)
    // No gradient outside of the windows: the weights there stay 0.
    dense.weight.gradient = masked(dense.weight.gradient)
  }

  mutating func visitParameters(_ visit: (String, inout Parameter) throws -> Void) rethrows {
    try dense.visitParameters(visit)
  }

  /// The numbers inside of the windows, and 0 outside: as a ReLU's gradient passes where its input was above 0.
  private func masked(_ numbers: Tensor) -> Tensor {
    var gate = ReLU()
    return gate.backward(numbers, input: mask, output: mask)
  }
}
