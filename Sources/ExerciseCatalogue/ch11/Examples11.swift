// Numbers and references that the exercises of chapter 11 share.

import ExerciseKit

/// Small tensors for cases, and networks turned into numbers that can be compared.
enum Examples11 {
  /// Numbers between −1 and 1 that look disordered, no two alike, so that sums of them do not meet a kink by accident.
  static func tensor(_ shape: Shape, _ salt: Int) -> Tensor {
    Tensor(shape, (0..<shape.count).map { Float(($0 * 331 + salt * 107 + 13) % 997 - 498) / 499 })
  }

  /// A network as numbers: the shapes of its parameters one after the other, the shape of its output, and its answer to
  /// one image with weights that are the same for every network of these shapes. How layers are nested or named, and
  /// layers that do nothing in inference, make no difference.
  static func outcome(of network: Sequential, input: Shape) -> Outcome {
    var (layers, shapes, salt) = (network, [Int](), 1)
    layers.visitParameters { _, parameter in
      shapes += parameter.value.shape.dimensions
      parameter.value = tensor(parameter.value.shape, salt)
      salt += 1
    }
    // A network that does not fit has no answer: the numbers then end here.
    guard let shape = try? layers.outputShape(for: input) else {
      return Outcome(("parameter shapes", shapes), ("output shape", [Int]()), ("answer", [Float]()))
    }
    let answer = layers.forward(tensor(input.batched(1), 0)).elements
    // Sums of many numbers differ in their last digits by the order of summing: compared relative to the largest.
    let largest = max(answer.map { abs($0) }.max() ?? 1, 1e-20)
    return Outcome(
      ("parameter shapes", shapes), ("output shape", shape.dimensions), ("answer", answer.map { $0 / largest }))
  }
}
