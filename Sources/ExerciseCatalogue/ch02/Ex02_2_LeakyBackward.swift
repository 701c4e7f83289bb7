// Exercise 2.2: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex02_2 = Exercise<any Ex02_2.Type>(
    .ex02_2, section: "Leaky ReLU and PReLU", difficulty: .medium,
    hints: [
      "The sign of x decides which branch was taken, whatever α is. Where was α used?",
      "y = α·x on the negative side, so ∂y/∂x = α and ∂y/∂α = x there. On the positive side y does not depend on α.",
      "`zip(outputGradient, input).map { gradient, x in x > 0 ? gradient : alpha * gradient }`, and a sum of "
        + "`gradient * x` over all x ≤ 0 for α.",
    ],
    cases: [
      Case(
        "leakyReLU(outputGradient: [10, 20], input: [3, −2], slope: 0.1)", "one on each side",
        gives: [10, 2] as [Float]
      ) {
        try $0.leakyReLU(outputGradient: [10, 20], input: [3, -2], slope: 0.1)
      },
      prelu(
        "prelu(outputGradient: [10, 20], input: [3, −2], alpha: 0.5)", "α was used once, at x = −2",
        [10, 20], [3, -2], 0.5, look: "∂y/∂α is x where x ≤ 0, and 0 elsewhere: 20 · (−2)."),
      prelu(
        "prelu(outputGradient: [1, 2, 3], input: [−1, −2, −4], alpha: 0.5)", "α was used three times", [1, 2, 3],
        [-1, -2, -4], 0.5,
        look: "One α serves all numbers: its gradient is the sum over them, neither the last nor the mean."
      ),
      prelu(
        "prelu(outputGradient: [1, −1, 2], input: [2, −3, −0.5], alpha: 1.5)", "α above 1", [1, -1, 2], [2, -3, -0.5],
        1.5, look: "The sign of x decides which branch is taken; for α > 1 the larger of x and αx is the wrong one."),
      prelu(
        "prelu(outputGradient: [0.5, −1, 2, −3, 1.5, −0.25], input: [−1, 2, −3, 0.5, −0.75, 4], alpha: 0.2)",
        "both sides mixed", [0.5, -1, 2, -3, 1.5, -0.25], [-1, 2, -3, 0.5, -0.75, 4], 0.2),
      Case(
        "leakyReLU(outputGradient: [1, −2, 3, 0.5], input: [−1, −2, 4, −0.5], slope: 0.01)", "the usual slope",
        gives: [0.01, -0.02, 3, 0.005] as [Float]
      ) {
        try $0.leakyReLU(outputGradient: [1, -2, 3, 0.5], input: [-1, -2, 4, -0.5], slope: 0.01)
      },
    ],
    mutants: [
      Mutant(
        "lets nothing through on the negative side, like a plain ReLU",
        effect: "Units can die again: the leak is in the forward pass only.", Dead.self),
      Mutant(
        "sums the gradient of α over all x, not only over those at or below 0",
        effect: "α is pulled by samples that never used it, and drifts.", AllOfThem.self),
      Mutant(
        "averages the gradient of α instead of summing it",
        effect: "α hardly moves: its gradient is too small by the number of activations.", MeanAlpha.self),
      Mutant(
        "multiplies the gradient of α by α",
        effect: "An α near 0 can no longer grow: a unit that starts as a ReLU stays one.",
        TimesAlpha.self),
      Mutant(
        "computes max(αx, x), which is a different function for α > 1",
        effect: "As soon as a learned α exceeds 1, the forward and backward passes disagree.", Maximum.self),
      Mutant(
        "uses |x| instead of x in the gradient of α", effect: "α moves the wrong way at every step.", Magnitude.self),
    ])
}

private func prelu(
  _ call: String, _ about: String, _ gradient: [Float], _ input: [Float], _ alpha: Float, look: String = ""
) -> Case<any Ex02_2.Type> {
  Case(call, about, look: look, gives: measured(gradient, input, alpha)) {
    let got = try $0.prelu(outputGradient: gradient, input: input, alpha: alpha)
    return Outcome(("input gradient", got.input), ("α gradient", got.alpha))
  }
}

/// Both gradients by central differences; no input is near the kink.
private func measured(_ gradient: [Float], _ input: [Float], _ alpha: Float) -> Outcome {
  let slopes = CentralDifferences.gradient(
    at: input.map { Double($0) } + [Double(alpha)], upstream: gradient.map { Double($0) }
  ) { p in p.dropLast().map { $0 > 0 ? $0 : p[p.count - 1] * $0 } }.map { Float($0) }
  return Outcome(("input gradient", Array(slopes.dropLast())), ("α gradient", slopes[slopes.count - 1]))
}

private func leak(_ gradient: [Float], _ input: [Float], _ slope: Float) -> [Float] {
  zip(gradient, input).map { $1 > 0 ? $0 : slope * $0 }
}

/// Σ of `term` over the numbers at or below 0.
private func total(_ gradient: [Float], _ input: [Float], _ term: (Float, Float) -> Float = { $0 * $1 }) -> Float {
  zip(gradient, input).reduce(0) { $0 + ($1.1 <= 0 ? term($1.0, $1.1) : 0) }
}

private enum Dead: Ex02_2 {
  static func leakyReLU(outputGradient: [Float], input: [Float], slope: Float) -> [Float] {
    leak(outputGradient, input, 0)
  }
  static func prelu(outputGradient: [Float], input: [Float], alpha: Float) -> (input: [Float], alpha: Float) {
    (leak(outputGradient, input, 0), total(outputGradient, input))
  }
}

private enum AllOfThem: Ex02_2 {
  static func leakyReLU(outputGradient: [Float], input: [Float], slope: Float) -> [Float] {
    leak(outputGradient, input, slope)
  }
  static func prelu(outputGradient: [Float], input: [Float], alpha: Float) -> (input: [Float], alpha: Float) {
    (leak(outputGradient, input, alpha), zip(outputGradient, input).reduce(0) { $0 + $1.0 * $1.1 })
  }
}

private enum MeanAlpha: Ex02_2 {
  static func leakyReLU(outputGradient: [Float], input: [Float], slope: Float) -> [Float] {
    leak(outputGradient, input, slope)
  }
  static func prelu(outputGradient: [Float], input: [Float], alpha: Float) -> (input: [Float], alpha: Float) {
    (leak(outputGradient, input, alpha), total(outputGradient, input) / Float(input.count))
  }
}

private enum TimesAlpha: Ex02_2 {
  static func leakyReLU(outputGradient: [Float], input: [Float], slope: Float) -> [Float] {
    leak(outputGradient, input, slope)
  }
  static func prelu(outputGradient: [Float], input: [Float], alpha: Float) -> (input: [Float], alpha: Float) {
    (leak(outputGradient, input, alpha), alpha * total(outputGradient, input))
  }
}

private enum Maximum: Ex02_2 {
  static func leakyReLU(outputGradient: [Float], input: [Float], slope: Float) -> [Float] {
    leak(outputGradient, input, slope)
  }
  static func prelu(outputGradient: [Float], input: [Float], alpha: Float) -> (input: [Float], alpha: Float) {
    let takesSlope = input.map { alpha * $0 >= $0 }
    return (
      zip(outputGradient, takesSlope).map { $1 ? alpha * $0 : $0 },
      zip(zip(outputGradient, input), takesSlope).reduce(0) { $0 + ($1.1 ? $1.0.0 * $1.0.1 : 0) }
    )
  }
}

private enum Magnitude: Ex02_2 {
  static func leakyReLU(outputGradient: [Float], input: [Float], slope: Float) -> [Float] {
    leak(outputGradient, input, slope)
  }
  static func prelu(outputGradient: [Float], input: [Float], alpha: Float) -> (input: [Float], alpha: Float) {
    (leak(outputGradient, input, alpha), total(outputGradient, input) { $0 * abs($1) })
  }
}
