// Exercise 8.1: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex08_1 = Exercise<any Ex08_1.Type>(
    .ex08_1, section: "Where the push goes", difficulty: .easy,
    hints: [
      "The chain rule has two factors: how the loss changes with the output, and how the output changes with the "
        + "logit.",
      "The error is s − y. The slope of the sigmoid depends only on its output: s(1 − s). And the loss is "
        + "a mean "
        + "over the samples of the batch.",
      "`let s = 1 / (1 + exp(-z))`, then `(s - y) * s * (1 - s) / samples` for each element.",
    ],
    cases: [
      push([1, 1], [0], [0], "gradient(logits: [[0]], targets: [[0]])", "s = ½: ½ · ½ · ½"),
      push([1, 1], [0], [1], "gradient(logits: [[0]], targets: [[1]])", "the opposite sign"),
      push(
        [1, 2], [4, -4], [0, 1], "gradient(logits: [[4, −4]], targets: [[0, 1]])", "badly wrong on both sides",
        look: "Far from 0 the slope s(1 − s) is small on both sides."),
      push(
        [2, 1], [0.5, -1], [1, 0], "gradient(logits: [[0.5], [−1]], targets: [[1], [0]])", "two samples",
        look: "The loss is the mean over the samples, the sum over the outputs."),
      push(
        [4, 3], [0.3, -1.2, 2.1, 0.7, -0.4, 1.5, -2.2, 0.1, 0.9, -0.6, 1.1, -1.7],
        [1, 0, 0, 0, 1, 0, 0, 0, 1, 0.2, 0.5, 0.3], "gradient(logits: [4, 3], targets: [4, 3])",
        "soft targets in the last row"),
    ],
    mutants: [
      Mutant(
        "leaves out the slope of the sigmoid",
        effect: "That is the gradient of cross-entropy: faster, but not the gradient of the loss you report.",
        NoSlope.self),
      Mutant(
        "uses 1 − s² as the slope, which is that of tanh",
        effect: "The sources trained LeNet-5 this way: outputs near 0 are pushed many times too hard.",
        TanhSlope.self),
      Mutant(
        "does not divide by the number of samples",
        effect: "Doubling the batch doubles the step: the learning rate has to be tuned again.", SumOfBatch.self),
      Mutant(
        "uses y − s, the error with the opposite sign",
        effect: "Every step goes uphill; the outputs move away from their targets.", Uphill.self),
      Mutant(
        "forgets the ½ of the loss, or keeps the factor 2",
        effect: "Twice the gradient: a hidden factor in the learning rate.", Double2.self),
      Mutant(
        "divides by the number of outputs as well",
        effect: "With ten classes the step is a tenth of what it should be.", MeanOfOutputs.self),
    ])
}

private func push(
  _ shape: Shape, _ logits: [Float], _ targets: [Float], _ call: String, _ about: String, look: String = ""
) -> Case<any Ex08_1.Type> {
  let (z, y) = (Tensor(shape, logits), Tensor(shape, targets))
  return Case(
    call, about, look: look, tolerance: 1e-5,
    gives: Tensor(
      shape,
      CentralDifferences.gradient(at: logits.map(Double.init)) { z in
        zip(z, targets).reduce(0) { sum, pair in
          let error = 1 / (1 + exp(-pair.0)) - Double(pair.1)
          return sum + 0.5 * error * error
        } / Double(shape[0])
      }.map(Float.init))
  ) { try $0.gradient(logits: z, targets: y) }
}

/// Shared by the mutants: a factor for each output, and a divisor.
private func made(_ logits: Tensor, _ targets: Tensor, by divisor: Int, _ push: (Float, Float) -> Float) -> Tensor {
  Tensor(
    logits.shape,
    zip(logits.elements, targets.elements).map { z, y in push(1 / (1 + exp(-z)), y) / Float(divisor) })
}

private enum NoSlope: Ex08_1 {
  static func gradient(logits: Tensor, targets: Tensor) -> Tensor {
    made(logits, targets, by: logits.shape[0]) { s, y in s - y }
  }
}

private enum TanhSlope: Ex08_1 {
  static func gradient(logits: Tensor, targets: Tensor) -> Tensor {
    made(logits, targets, by: logits.shape[0]) { s, y in (s - y) * (1 - s * s) }
  }
}

private enum SumOfBatch: Ex08_1 {
  static func gradient(logits: Tensor, targets: Tensor) -> Tensor {
    made(logits, targets, by: 1) { s, y in (s - y) * s * (1 - s) }
  }
}

private enum Uphill: Ex08_1 {
  static func gradient(logits: Tensor, targets: Tensor) -> Tensor {
    made(logits, targets, by: logits.shape[0]) { s, y in (y - s) * s * (1 - s) }
  }
}

private enum Double2: Ex08_1 {
  static func gradient(logits: Tensor, targets: Tensor) -> Tensor {
    made(logits, targets, by: logits.shape[0]) { s, y in 2 * (s - y) * s * (1 - s) }
  }
}

private enum MeanOfOutputs: Ex08_1 {
  static func gradient(logits: Tensor, targets: Tensor) -> Tensor {
    made(logits, targets, by: logits.count) { s, y in (s - y) * s * (1 - s) }
  }
}
