// Exercise 4.4: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex04_4 = Exercise<any Ex04_4.Type>(
    .ex04_4, section: "He: the variance that a ReLU takes", difficulty: .medium,
    hints: [
      "Begin with one layer. E[x²] goes in. What is E[y²] of the sums, and how much of it does the ReLU let through?",
      "E[y²] = fan-in · σ² · E[x²], and a ReLU leaves half of it. The size is the square root; the output of one layer "
        + "is the input of the next.",
      "`let factor = standardDeviation * sqrt(Double(fanIn)) * (isRectified ? sqrt(0.5) : 1)`; the size at layer l, "
        + "counted from 1, is `factor` to the power of l.",
    ],
    cases: [
      sizes(1, 1, 3, false, "one input of weight size 1: nothing changes"),
      sizes(1, 4, 3, false, "four inputs: each layer doubles the size"),
      sizes(1, 2, 4, true, "two inputs and a ReLU: He's rule"),
      sizes(0.1, 100, 6, true, "Xavier's rule with ReLUs", look: "The variance is halved, so the size falls by √2."),
      sizes(0.01, 4096, 6, false, "the lecture's small weights, in a linear network"),
      sizes(0.05, 4096, 6, true, "weights that are too large"),
      sizes(1 / 32, 1024, 30, true, "thirty layers: what is left is 3.1×10⁻⁵"),
    ],
    mutants: [
      Mutant(
        "forgets that a ReLU halves the variance",
        effect: "Xavier looks right for a ReLU network, and thirty layers shrink the signal by 30,000.", NoHalf.self),
      Mutant(
        "halves the size where a ReLU halves the variance",
        effect: "He's weights come out √2 too large, and the signal doubles every two layers.", HalvedSize.self),
      Mutant(
        "multiplies by the fan-in instead of its square root",
        effect: "Standard deviations do not add up, variances do; the weights come out far too small.", LinearFan.self),
      Mutant(
        "returns the mean square instead of its root",
        effect: "The size seems to change twice as fast with depth as it really does.", MeanSquare.self),
      Mutant(
        "starts with the input instead of the first layer",
        effect: "Every size is one layer late; with Xavier's rule and ReLUs that is a factor of √2.", OneLate.self),
      Mutant(
        "adds the change of each layer instead of multiplying by it",
        effect: "A factor of 0.7 per layer looks harmless, and depth seems to cost little.", Additive.self),
    ])
}

private func sizes(
  _ sigma: Double, _ fanIn: Int, _ depth: Int, _ isRectified: Bool, _ about: String, look: String = ""
) -> Case<any Ex04_4.Type> {
  Case(
    "sizes(standardDeviation: \(sigma), fanIn: \(fanIn), depth: \(depth), isRectified: \(isRectified))", about,
    look: look, tolerance: 1e-9,
    gives: powers(sigma * sqrt(Double(fanIn)) * (isRectified ? sqrt(0.5) : 1), 1...depth)
  ) {
    try $0.sizes(standardDeviation: sigma, fanIn: fanIn, depth: depth, isRectified: isRectified)
  }
}

private func powers(_ factor: Double, _ exponents: ClosedRange<Int>) -> [Double] {
  exponents.map { pow(factor, Double($0)) }
}

private enum NoHalf: Ex04_4 {
  static func sizes(standardDeviation: Double, fanIn: Int, depth: Int, isRectified: Bool) -> [Double] {
    powers(standardDeviation * sqrt(Double(fanIn)), 1...depth)
  }
}

private enum HalvedSize: Ex04_4 {
  static func sizes(standardDeviation: Double, fanIn: Int, depth: Int, isRectified: Bool) -> [Double] {
    powers(standardDeviation * sqrt(Double(fanIn)) * (isRectified ? 0.5 : 1), 1...depth)
  }
}

private enum LinearFan: Ex04_4 {
  static func sizes(standardDeviation: Double, fanIn: Int, depth: Int, isRectified: Bool) -> [Double] {
    powers(standardDeviation * Double(fanIn) * (isRectified ? sqrt(0.5) : 1), 1...depth)
  }
}

private enum OneLate: Ex04_4 {
  static func sizes(standardDeviation: Double, fanIn: Int, depth: Int, isRectified: Bool) -> [Double] {
    powers(standardDeviation * sqrt(Double(fanIn)) * (isRectified ? sqrt(0.5) : 1), 0...depth - 1)
  }
}

private enum Additive: Ex04_4 {
  static func sizes(standardDeviation: Double, fanIn: Int, depth: Int, isRectified: Bool) -> [Double] {
    let factor = standardDeviation * sqrt(Double(fanIn)) * (isRectified ? sqrt(0.5) : 1)
    return (1...depth).map { 1 + Double($0) * (factor - 1) }
  }
}

private enum MeanSquare: Ex04_4 {
  static func sizes(standardDeviation: Double, fanIn: Int, depth: Int, isRectified: Bool) -> [Double] {
    powers(standardDeviation * standardDeviation * Double(fanIn) * (isRectified ? 0.5 : 1), 1...depth)
  }
}
