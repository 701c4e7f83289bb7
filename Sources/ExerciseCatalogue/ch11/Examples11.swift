// Numbers and references shared by the exercises of chapter 11.

import ExerciseKit

/// Small tensors for the cases, and networks converted to numbers that can be compared.
enum Examples11 {
  /// Random-looking numbers between −1 and 1, no two equal, so that their sums do not land on a kink by accident.
  static func tensor(_ shape: Shape, _ salt: Int) -> Tensor {
    Tensor(shape, (0..<shape.count).map { Float(($0 * 331 + salt * 107 + 13) % 997 - 498) / 499 })
  }

  /// A network as numbers: the concatenated shapes of its parameters, the shape of its output, and its output for one
  /// image, with weights that are the same for every network of these shapes. The nesting and names of layers, and
  /// layers that do nothing in inference, make no difference.
  static func outcome(of network: Sequential, input: Shape) -> Outcome {
    var (layers, shapes, salt) = (network, [Int](), 1)
    layers.visitParameters { _, parameter in
      shapes += parameter.value.shape.dimensions
      parameter.value = tensor(parameter.value.shape, salt)
      salt += 1
    }
    // A network whose layers do not fit has no output: the numbers end here.
    guard let shape = try? layers.outputShape(for: input) else {
      return Outcome(("parameter shapes", shapes), ("output shape", [Int]()), ("answer", [Float]()))
    }
    let answer = layers.forward(tensor(input.batched(1), 0)).elements
    // Sums of many numbers depend on the order of summation in their last digits: compare relative to the largest.
    let largest = max(answer.map { abs($0) }.max() ?? 1, 1e-20)
    return Outcome(
      ("parameter shapes", shapes), ("output shape", shape.dimensions), ("answer", answer.map { $0 / largest }))
  }
}
