// Exercise 5.1: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex05_1 = Exercise<any Ex05_1.Type>(
    .ex05_1, section: "The idea", difficulty: .medium,
    hints: [
      "How many means are there? One for each channel, not one for each sample. Count the values that go into each.",
      "Go through the channels one by one: collect the channel's values over all samples and positions, take their mean "
        + "and the mean of their squared distances from it, then write γ·(x − μ)/√(σ² + ε) + β back to the same places.",
      "With `let positions = input.count / (samples * channels)` the value of sample n, channel c, position p is "
        + "`input.elements[(n * channels + c) * positions + p]`, for [N, C] too, with positions = 1. Fill an "
        + "array `y` in the same order and return `Tensor(input.shape, y)`.",
    ],
    cases: [
      forward([2, 1], [1, 3], "two numbers: mean 2, standard deviation 1, so they become −1 and 1"),
      forward([2, 1], [1, 3], gamma: [2], beta: [5], "the same with γ = 2, β = 5: 3 and 7"),
      forward(
        [3, 2], [1, 10, 2, 20, 6, 60], "two channels",
        look: "The statistics of a channel are taken down its column: over the samples."),
      forward([4, 3], nil, epsilon: 0.5, "a large ε", look: "ε is added to the variance, under the square root."),
      forward([2, 2, 3, 2], nil, "images: [N, C, H, W]", look: "All positions of a channel share one mean."),
      forward(
        [5, 4, 2, 2], nil, center: 100, "numbers around 100, with a standard deviation near 2",
        look:
          "In Float, E[x²] − E[x]² is a small difference of large numbers and loses its digits: square the distances "
          + "from μ, as the formula says."),
    ],
    mutants: [
      Mutant(
        "computes the statistics of each sample instead of each channel",
        effect:
          "That is layer norm with γ and β per channel: it trains, but differences between channels are wiped out.",
        PerSample.self),
      Mutant(
        "divides by n − 1 in the variance",
        effect: "Small batches are scaled down by √((m − 1)/m): for a batch of 2, by 0.7.", Unbiased.self),
      Mutant(
        "adds ε to the standard deviation instead of the variance",
        effect:
          "A channel that hardly varies is divided by 10⁻⁵ instead of √10⁻⁵: its noise comes out 300 times larger.",
        OutsideRoot.self),
      Mutant(
        "divides by the variance instead of its square root",
        effect: "Wide channels come out narrow and narrow ones wide: the ranges are inverted, not equalized.",
        NoRoot.self),
      Mutant(
        "squares x̂ in the last line, as on one lecture's slide",
        effect: "Every output lies on one side of β; the sign of a value is lost.", Squared.self),
      Mutant(
        "scales and shifts x instead of x̂, as in one report",
        effect: "The statistics are computed but never used: the layer only scales and shifts.", RawLast.self),
      Mutant(
        "forgets β",
        effect: "The layer's outputs stay centred: no bias remains before the activation.",
        NoBeta.self),
      Mutant(
        "computes a separate mean and variance for every position of an image",
        effect:
          "A feature map is no longer shifted as a whole: the same feature gets different values at different "
          + "positions.", PerPosition.self),
    ])
}

private func forward(
  _ shape: Shape, _ values: [Float]?, gamma: [Float]? = nil, beta: [Float]? = nil, epsilon: Float = 1e-5,
  center: Double = 0, _ about: String = "", look: String = ""
) -> Case<any Ex05_1.Type> {
  let x = values.map { Tensor(shape, $0) } ?? unevenTensor(shape, center: center, spread: 2)
  let isPlain = values != nil
  let scale = Tensor(
    vector: gamma ?? (0..<shape[1]).map { isPlain ? 1 : Float($0 % 3) * 0.7 + 0.5 })
  let shift = Tensor(vector: beta ?? (0..<shape[1]).map { isPlain ? 0 : 0.3 - Float($0) })
  let wanted = NormalizationRecipe.batch(shape.withoutBatch).normalize(x, gamma: scale, beta: shift, epsilon: epsilon)
  let shown = values.map { "Tensor(\(shape), \($0))" } ?? "x of shape \(shape)"
  return Case(
    "forward(\(shown), gamma: \(scale.elements), beta: \(shift.elements), epsilon: \(epsilon))", about, look: look,
    tolerance: 1e-4, gives: wanted
  ) { try $0.forward(x, gamma: scale, beta: shift, epsilon: epsilon) }
}

/// A mutant's answer: a recipe with one error.
private func answer(
  _ x: Tensor, _ gamma: Tensor, _ beta: Tensor, _ epsilon: Float, _ change: (inout NormalizationRecipe) -> Void
) -> Tensor {
  NormalizationRecipe.batch(x.shape.withoutBatch).with(change).normalize(x, gamma: gamma, beta: beta, epsilon: epsilon)
}

private enum PerSample: Ex05_1 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    answer(input, gamma, beta, epsilon) { $0.pool = { n, _ in n } }
  }
}

private enum Unbiased: Ex05_1 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    answer(input, gamma, beta, epsilon) { $0.correction = 1 }
  }
}

private enum OutsideRoot: Ex05_1 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    answer(input, gamma, beta, epsilon) { $0.divisor = { $0.squareRoot() + $1 } }
  }
}

private enum NoRoot: Ex05_1 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    answer(input, gamma, beta, epsilon) { $0.divisor = { $0 + $1 } }
  }
}

private enum Squared: Ex05_1 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    answer(input, gamma, beta, epsilon) { $0.affine = { $1 * $0 * $0 + $2 } }
  }
}

private enum RawLast: Ex05_1 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    answer(input, gamma, beta, epsilon) {
      $0.centers = false
      $0.divisor = { _, _ in 1 }
    }
  }
}

private enum NoBeta: Ex05_1 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    answer(input, gamma, beta, epsilon) { $0.affine = { x, gamma, _ in gamma * x } }
  }
}

private enum PerPosition: Ex05_1 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    answer(input, gamma, beta, epsilon) { $0.pool = { _, i in i } }
  }
}
