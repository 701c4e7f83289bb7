// Exercise 9.6: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex09_6 = Exercise<any Ex09_6.Type>(
    .ex09_6, section: "Local response normalization (LRN)", difficulty: .medium,
    hints: [
      "Fix one pixel of one image. That leaves a row of C numbers, and each is divided by a value that depends on its "
        + "neighbours in that row.",
      "For channel c, the sum of squares runs over channels c − size/2 to c + size/2, clamped to 0 … C − 1. "
        + "α is divided by size even where the sum has fewer terms.",
      "`let channels = max(0, c - size / 2)...min(count - 1, c + size / 2)`; add up the squares at the same pixel; "
        + "the answer is `x / pow(k + alpha / Float(size) * sum, beta)`.",
    ],
    cases: [
      norm(Tensor([1, 1, 1, 1], [2]), 1, 1, 1, 1, "one channel", look: "2 / (1 + 1·4)¹ = 0.4."),
      norm(Tensor([1, 3, 1, 1], [1, 2, 3]), 3, 3, 1, 1, "three channels at one pixel"),
      norm(
        Tensor([1, 5, 1, 1], [1, 1, 10, 1, 1]), 3, 3, 0.5, 1, "one strong channel",
        look: "The channel two away from the strong one must not be affected."),
      norm(Tensor([1, 2, 1, 2], [1, 5, 2, 6]), 3, 3, 1, 2, "two pixels", look: "Each pixel is normalized by itself."),
      norm(Examples09.tensor([2, 7, 2, 3], 1), 5, 5e-1, 0.75, 2, "AlexNet's exponent and window, two samples"),
    ],
    mutants: [
      Mutant(
        "does not divide α by the number of channels",
        effect: "The paper does this, PyTorch does not: with weights from PyTorch, the maps come out too weak.",
        WholeAlpha.self),
      Mutant(
        "divides α by the number of channels present, not by the size of the window",
        effect: "The first and last channels are reduced more than they should be.", Present.self),
      Mutant(
        "forgets to square",
        effect: "Positive and negative neighbours cancel; the divisor can become 0 or negative.", NoSquare.self),
      Mutant(
        "uses neighbouring pixels instead of neighbouring channels",
        effect: "That is a different layer (within-channel contrast); strong filters still dominate the others.",
        Pixels.self),
      Mutant(
        "counts only the channels before it and itself",
        effect: "Later channels never reduce earlier ones: the order of the filters starts to matter.", Before.self),
      Mutant(
        "leaves out the exponent β",
        effect: "Strong channels are pushed below weak ones: the order of the activations is reversed.",
        NoExponent.self),
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

/// The correct sum, with parameters for the mutants: `scale` is the factor in front of the sum.
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
