// Exercise 9.6: how an answer is examined, and the mistakes known by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex09_6 = Exercise<any Ex09_6.Type>(
    .ex09_6, section: "Local response normalization (LRN)", difficulty: .medium,
    hints: [
      "Fix one pixel of one image. What is left is a row of C numbers, and each is divided by something that its "
        + "neighbours in that row decide.",
      "For channel c the sum of squares runs over the channels from c − size/2 to c + size/2, cut off at 0 and C − 1. "
        + "α is divided by size even where the sum has fewer terms.",
      "`let channels = max(0, c - size / 2)...min(count - 1, c + size / 2)`; add up the squares at the same pixel; "
        + "the answer is `x / pow(k + alpha / Float(size) * sum, beta)`.",
    ],
    cases: [
      norm(Tensor([1, 1, 1, 1], [2]), 1, 1, 1, 1, "one channel", look: "2 / (1 + 1·4)¹ = 0.4."),
      norm(Tensor([1, 3, 1, 1], [1, 2, 3]), 3, 3, 1, 1, "three channels at one pixel"),
      norm(
        Tensor([1, 5, 1, 1], [1, 1, 10, 1, 1]), 3, 3, 0.5, 1, "one loud channel",
        look: "The channel two away from the loud one must not hear it."),
      norm(Tensor([1, 2, 1, 2], [1, 5, 2, 6]), 3, 3, 1, 2, "two pixels", look: "Each pixel is normalized by itself."),
      norm(Examples09.tensor([2, 7, 2, 3], 1), 5, 5e-1, 0.75, 2, "AlexNet's exponent and window, two samples"),
    ],
    mutants: [
      Mutant(
        "does not divide α by the number of channels",
        effect: "The paper does it so, PyTorch does not: with weights from PyTorch the maps come out too quiet.",
        WholeAlpha.self),
      Mutant(
        "divides α by the channels that are there, not by the size of the window",
        effect: "The first and the last channels are turned down more than they should be.", Present.self),
      Mutant(
        "forgets to square",
        effect: "Positive and negative neighbours cancel; the divisor can become 0 or negative.", NoSquare.self),
      Mutant(
        "looks at pixels beside it instead of channels",
        effect: "That is another layer (within-channel contrast); loud filters go on drowning the others.", Pixels.self),
      Mutant(
        "counts only the channels before it and itself",
        effect: "Later channels never turn down earlier ones: the order of the filters begins to matter.", Before.self),
      Mutant(
        "leaves out the exponent β",
        effect: "Loud channels are pressed below quiet ones: the order of activities turns round.", NoExponent.self),
    ])
}

private func norm(
  _ x: Tensor, _ size: Int, _ alpha: Float, _ beta: Float, _ k: Float, _ about: String, look: String = ""
) -> Case<any Ex09_6.Type> {
  let numbers = x.count <= 6 ? " \(x.elements.map { String(Int($0)) }.joined(separator: " "))" : " of numbers"
  return Case(
    "forward(\(x.shape)\(numbers), size: \(size), alpha: \(alpha), beta: \(beta), k: \(k))", about, look: look,
    gives: right(x, size, alpha, beta, k)
  ) { try $0.forward(x, size: size, alpha: alpha, beta: beta, k: k) }
}

private func right(_ x: Tensor, _ size: Int, _ alpha: Float, _ beta: Float, _ k: Float) -> Tensor {
  var layer = LocalResponseNorm(size: size, alpha: alpha, beta: beta, k: k)
  return layer.forward(x)
}

/// The right sum, with the places where mutants go wrong: `scale` is what stands in front of the sum.
private func normalized(
  _ x: Tensor, _ size: Int, _ beta: Float, _ k: Float, after: Int? = nil, square: Bool = true,
  scale: (_ present: Int) -> Float
) -> Tensor {
  var y = x
  for n in 0..<x.shape[0] {
    for c in 0..<x.shape[1] {
      let channels = max(0, c - size / 2)...min(x.shape[1] - 1, c + (after ?? size / 2))
      for i in 0..<x.shape[2] {
        for j in 0..<x.shape[3] {
          let sum = channels.reduce(Float(0)) { $0 + (square ? x[n, $1, i, j] * x[n, $1, i, j] : x[n, $1, i, j]) }
          y[n, c, i, j] = x[n, c, i, j] / pow(k + scale(channels.count) * sum, beta)
        }
      }
    }
  }
  return y
}

private enum WholeAlpha: Ex09_6 {
  static func forward(_ input: Tensor, size: Int, alpha: Float, beta: Float, k: Float) -> Tensor {
    normalized(input, size, beta, k) { _ in alpha }
  }
}

private enum Present: Ex09_6 {
  static func forward(_ input: Tensor, size: Int, alpha: Float, beta: Float, k: Float) -> Tensor {
    normalized(input, size, beta, k) { alpha / Float($0) }
  }
}

private enum NoSquare: Ex09_6 {
  static func forward(_ input: Tensor, size: Int, alpha: Float, beta: Float, k: Float) -> Tensor {
    normalized(input, size, beta, k, square: false) { _ in alpha / Float(size) }
  }
}

private enum Pixels: Ex09_6 {
  static func forward(_ input: Tensor, size: Int, alpha: Float, beta: Float, k: Float) -> Tensor {
    var y = input
    for n in 0..<input.shape[0] {
      for c in 0..<input.shape[1] {
        for i in 0..<input.shape[2] {
          for j in 0..<input.shape[3] {
            let columns = max(0, j - size / 2)...min(input.shape[3] - 1, j + size / 2)
            let sum = columns.reduce(Float(0)) { $0 + input[n, c, i, $1] * input[n, c, i, $1] }
            y[n, c, i, j] = input[n, c, i, j] / pow(k + alpha / Float(size) * sum, beta)
          }
        }
      }
    }
    return y
  }
}

private enum Before: Ex09_6 {
  static func forward(_ input: Tensor, size: Int, alpha: Float, beta: Float, k: Float) -> Tensor {
    normalized(input, size, beta, k, after: 0) { _ in alpha / Float(size) }
  }
}

private enum NoExponent: Ex09_6 {
  static func forward(_ input: Tensor, size: Int, alpha: Float, beta: Float, k: Float) -> Tensor {
    normalized(input, size, 1, k) { _ in alpha / Float(size) }
  }
}
