// Exercise 5.4: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex05_4 = Exercise<any Ex05_4.Type>(
    .ex05_4, section: "Four ways to choose what is averaged", difficulty: .easy,
    hints: [
      "Compared with batch norm, only the averaged set changes. How many means does a batch of N samples have?",
      "Take one sample at a time: mean and variance over all its values, however many axes they have. γ and β have an "
        + "entry for each position within a sample.",
      "A sample is `input.elements[n * width..<(n + 1) * width]` with `width = gamma.count`; its value i uses "
        + "`gamma.elements[i]` and `beta.elements[i]`.",
    ],
    cases: [
      forward([1, 2], [1, 3], "one sample of two numbers: −1 and 1"),
      forward([2, 2], [1, 3, 10, 30], "two samples: each by itself", look: "No sample may affect another."),
      forward([3, 5], nil, "γ and β differ between positions"),
      forward([2, 5], nil, epsilon: 0.7, "a large ε"),
      forward([2, 3, 2, 2], nil, "images: all channels and positions of a sample together"),
    ],
    mutants: [
      Mutant(
        "computes the statistics over the batch",
        effect: "That is batch norm: it works in training and fails on a single sample.", DownTheBatch.self),
      Mutant(
        "divides by n − 1 in the variance",
        effect: "Harmless in wide layers, visible in narrow ones; weights from other libraries no longer fit.",
        Unbiased.self),
      Mutant(
        "uses one γ and β for the whole sample",
        effect: "Units no longer have their own scale and shift; the layer loses most of its freedom.",
        OneGamma.self),
      Mutant(
        "normalizes each channel of an image by itself",
        effect: "That is instance norm: differences in level between channels are lost.", EachChannel.self),
      Mutant(
        "adds ε to the standard deviation instead of the variance",
        effect: "Samples that hardly vary are scaled differently; weights from other libraries no longer fit.",
        OutsideRoot.self),
    ])
}

private func forward(
  _ shape: Shape, _ values: [Float]?, epsilon: Float = 1e-5, _ about: String = "", look: String = ""
) -> Case<any Ex05_4.Type> {
  let sample = shape.withoutBatch
  let x = values.map { Tensor(shape, $0) } ?? unevenTensor(shape, center: 1, spread: 2)
  let gamma = values == nil ? unevenTensor(sample, center: 1, spread: 0.5) : Tensor(sample, repeating: 1)
  let beta = values == nil ? unevenTensor(sample, spread: 0.8, phase: 1) : Tensor(zeros: sample)
  let shown =
    values.map { "Tensor(\(shape), \($0)), gamma: ones, beta: zeros" } ?? "x of shape \(shape), gamma: γ, beta: β"
  return Case(
    "forward(\(shown), epsilon: \(epsilon))", about, look: look, tolerance: 1e-4,
    gives: NormalizationRecipe.layer().normalize(x, gamma: gamma, beta: beta, epsilon: epsilon)
  ) { try $0.forward(x, gamma: gamma, beta: beta, epsilon: epsilon) }
}

private func answer(
  _ x: Tensor, _ gamma: Tensor, _ beta: Tensor, _ epsilon: Float, _ change: (inout NormalizationRecipe) -> Void
) -> Tensor {
  NormalizationRecipe.layer().with(change).normalize(x, gamma: gamma, beta: beta, epsilon: epsilon)
}

private enum DownTheBatch: Ex05_4 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    let positions = input.shape.dimensions.dropFirst(2).reduce(1, *)
    return answer(input, gamma, beta, epsilon) { $0.pool = { _, i in i / positions } }
  }
}

private enum Unbiased: Ex05_4 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    answer(input, gamma, beta, epsilon) { $0.correction = 1 }
  }
}

private enum OneGamma: Ex05_4 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    answer(input, gamma, beta, epsilon) { $0.parameter = { _ in 0 } }
  }
}

private enum EachChannel: Ex05_4 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    let dimensions = input.shape.dimensions
    guard dimensions.count > 2 else { return answer(input, gamma, beta, epsilon) { _ in } }
    let (channels, positions) = (dimensions[1], dimensions.dropFirst(2).reduce(1, *))
    return answer(input, gamma, beta, epsilon) { $0.pool = { n, i in n * channels + i / positions } }
  }
}

private enum OutsideRoot: Ex05_4 {
  static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    answer(input, gamma, beta, epsilon) { $0.divisor = { $0.squareRoot() + $1 } }
  }
}
