// Exercise 8.3: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex08_3 = Exercise<any Ex08_3.Type>(
    .ex08_3, section: "One of many: softmax", difficulty: .medium,
    hints: [
      "Write the loss in terms of the logits alone, ln Σ exp(z) − z[t], before you take its derivative.",
      "The derivative of ln Σ exp(z) with respect to z[i] is the softmax p[i]; that of −z[t] is −1 for the right "
        + "class and 0 for the "
        + "others. Both results are means over the batch. Exercise 8.2 has the stable log-sum-exp.",
      "For each row `let logSum = largest + log(sum)`; add `logSum - row[label]` to the loss, and write "
        + "`(exp(row[j] - logSum) - (j == label ? 1 : 0)) / Float(labels.count)` into the gradient.",
    ],
    cases: [
      both([1, 2], [0, 0], [0], "loss and gradient of logits [[0, 0]], labels [0]", "ln 2, and [−½, ½]"),
      both([1, 3], [2, 1, 0], [2], "loss and gradient of logits [[2, 1, 0]], labels [2]", "a wrong answer"),
      both(
        [2, 2], [1, 0, 0, 3], [0, 0], "loss and gradient of logits [[1, 0], [0, 3]], labels [0, 0]", "two samples",
        look: "The loss is the mean over the samples, and so is its gradient."),
      both(
        [1, 2], [150, 0], [1], "loss and gradient of logits [[150, 0]], labels [1]", "wrong by 150 logits",
        look: "The probability of the right class is 0 in Float: do not take its logarithm."),
      both(
        [3, 4], [0.2, -1.3, 2.4, 0.5, 3.1, 1.7, -0.8, 0.9, -2.2, 0.4, 0.6, -1.1], [3, 0, 2],
        "loss and gradient of logits [3, 4], labels [3, 0, 2]", "three samples of four classes"),
    ],
    mutants: [
      Mutant(
        "uses y − p, the gradient with the opposite sign",
        effect: "Every step makes the right class less likely: the loss rises.", Uphill.self),
      Mutant(
        "does not divide the gradient by the number of samples",
        effect: "A batch of 32 steps 32 times as far; the learning rate loses its meaning.", SumOfBatch.self),
      Mutant(
        "does not subtract 1 for the right class",
        effect: "All classes are pushed down, including the right one: the network learns nothing useful.",
        NoTarget.self),
      Mutant(
        "multiplies by p(1 − p), as if a slope remained",
        effect: "Confident mistakes are hardly corrected: the slow learning that cross-entropy avoids.",
        Slope.self),
      Mutant(
        "takes the logarithm of the probability, which may have underflowed to 0",
        effect: "The first badly wrong sample makes the loss infinite.", ThroughProbabilities.self),
      Mutant(
        "returns the sum of the losses instead of their mean",
        effect: "Runs with different batch sizes cannot be compared, and the loss does not match its gradient.",
        SumOfLosses.self),
    ])
}

private func both(
  _ shape: Shape, _ logits: [Float], _ labels: [Int], _ call: String, _ about: String, look: String = ""
) -> Case<any Ex08_3.Type> {
  let z = Tensor(shape, logits)
  @Sendable func loss(_ z: [Double]) -> Double {
    labels.indices.reduce(0) { sum, n in
      let row = Array(z[n * shape[1]..<(n + 1) * shape[1]])
      return sum + Examples08.logSumExp(row) - row[labels[n]]
    } / Double(labels.count)
  }
  return Case(
    call, about, look: look, tolerance: 1e-5,
    gives: Outcome(
      ("loss", Float(loss(logits.map(Double.init)))),
      ("gradient", Tensor(shape, CentralDifferences.gradient(at: logits.map(Double.init), of: loss).map(Float.init))))
  ) {
    Outcome(
      ("loss", try $0.loss(logits: z, labels: labels)), ("gradient", try $0.gradient(logits: z, labels: labels)))
  }
}

/// Shared by the mutants: correct losses and gradients, with parameters for one mistake.
private enum Right {
  static func losses(_ logits: Tensor, _ labels: [Int]) -> [Double] {
    zip(Examples08.rows(logits.elements, logits.shape), labels).map { Examples08.logSumExp($0) - $0[$1] }
  }

  static func loss(_ logits: Tensor, _ labels: [Int]) -> Float {
    Float(losses(logits, labels).reduce(0, +) / Double(labels.count))
  }

  static func gradient(_ logits: Tensor, _ labels: [Int], _ push: (Double, Double) -> Double = { $0 - $1 }) -> Tensor {
    Tensor(
      logits.shape,
      zip(Examples08.rows(logits.elements, logits.shape), labels).flatMap { row, label in
        Examples08.softmax(row).enumerated().map { j, p in
          Float(push(p, j == label ? 1 : 0) / Double(labels.count))
        }
      })
  }
}

private enum Uphill: Ex08_3 {
  static func loss(logits: Tensor, labels: [Int]) -> Float { Right.loss(logits, labels) }
  static func gradient(logits: Tensor, labels: [Int]) -> Tensor { Right.gradient(logits, labels) { $1 - $0 } }
}

private enum SumOfBatch: Ex08_3 {
  static func loss(logits: Tensor, labels: [Int]) -> Float { Right.loss(logits, labels) }
  static func gradient(logits: Tensor, labels: [Int]) -> Tensor {
    Right.gradient(logits, labels) { ($0 - $1) * Double(labels.count) }
  }
}

private enum NoTarget: Ex08_3 {
  static func loss(logits: Tensor, labels: [Int]) -> Float { Right.loss(logits, labels) }
  static func gradient(logits: Tensor, labels: [Int]) -> Tensor { Right.gradient(logits, labels) { p, _ in p } }
}

private enum Slope: Ex08_3 {
  static func loss(logits: Tensor, labels: [Int]) -> Float { Right.loss(logits, labels) }
  static func gradient(logits: Tensor, labels: [Int]) -> Tensor {
    Right.gradient(logits, labels) { ($0 - $1) * $0 * (1 - $0) }
  }
}

private enum ThroughProbabilities: Ex08_3 {
  static func loss(logits: Tensor, labels: [Int]) -> Float {
    let rows = Examples08.rows(logits.elements, logits.shape)
    return zip(rows, labels).reduce(0) { $0 - log(Float(Examples08.softmax($1.0)[$1.1])) } / Float(labels.count)
  }
  static func gradient(logits: Tensor, labels: [Int]) -> Tensor { Right.gradient(logits, labels) }
}

private enum SumOfLosses: Ex08_3 {
  static func loss(logits: Tensor, labels: [Int]) -> Float { Float(Right.losses(logits, labels).reduce(0, +)) }
  static func gradient(logits: Tensor, labels: [Int]) -> Tensor { Right.gradient(logits, labels) }
}
