// Exercise 4.2: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex04_2 = Exercise<any Ex04_2.Type>(
    .ex04_2, section: "LeCun and Xavier: one over the fan", difficulty: .easy,
    hints: [
      "Two steps: which variance do the weights need, and between which two numbers is a uniform distribution of that "
        + "variance?",
      "Var(w) = 2/(fan-in + fan-out). Numbers spread evenly from −a to a have a variance of a²/3.",
      "`let limit = (6 / Float(fanIn + fanOut)).squareRoot()`, and u from 0 … 1 becomes (2 · u − 1) · limit.",
    ],
    cases: [
      xavier(
        3, 3, [0, 0.5, 0.75], "parts of the range", look: "u = 0 gives the lower end, −a; u = ½ gives 0."),
      xavier(1, 5, [0, 1], "one input, five units"),
      xavier(5, 1, [0, 1], "five inputs, one unit: Glorot's rule is symmetric"),
      xavier(25, 150, [0.125, 0.25, 0.875, 0.9], "LeNet-5's first convolution"),
      xavier(4096, 4096, [0.1, 0.2, 0.6], "a wide layer: small weights", tolerance: 1e-6),
    ],
    mutants: [
      Mutant(
        "uses the standard deviation as the limit",
        effect: "The variance is a third of what it should be: each layer loses more than 40 % of the signal.",
        DeviationAsLimit.self),
      Mutant(
        "uses the fan-in alone",
        effect: "That is LeCun's rule. Where the width changes, the gradient grows or shrinks on its way back.",
        FanInOnly.self),
      Mutant(
        "draws from 0 to a instead of from −a to a",
        effect:
          "All weights are positive: every unit computes nearly the same sum, and activations grow with the width.",
        PositiveOnly.self),
      Mutant(
        "draws from −a/2 to a/2: u − ½ is half as wide as 2u − 1",
        effect: "The variance is a quarter of what it should be: each layer halves the signal.", HalfAsWide.self),
      Mutant(
        "uses integer division, which gives 0",
        effect: "All weights are 0; all units are identical and stay so.", WholeNumbers.self),
      Mutant(
        "leaves out the square root",
        effect: "The weights start far too small; the signal dies within a few layers.", NoRoot.self),
      Mutant(
        "doubles the variance, as He does for ReLU",
        effect: "With tanh the signal starts 40 % too large and drives units into saturation.", Doubled.self),
    ])
}

private func xavier(
  _ fanIn: Int, _ fanOut: Int, _ random: [Float], _ about: String, look: String = "", tolerance: Double = 1e-5
) -> Case<any Ex04_2.Type> {
  Case(
    "weights(fanIn: \(fanIn), fanOut: \(fanOut), random: \(random))", about, look: look, tolerance: tolerance,
    gives: uniform(
      Double(Initializer.xavierUniform.standardDeviation(Fans(fanIn: fanIn, fanOut: fanOut))) * 3.0.squareRoot(), random
    )
  ) {
    try $0.weights(fanIn: fanIn, fanOut: fanOut, random: random)
  }
}

/// Maps each u from 0 … 1 to −limit … limit.
private func uniform(_ limit: Double, _ random: [Float]) -> [Float] {
  random.map { Float((2 * Double($0) - 1) * limit) }
}

private enum DeviationAsLimit: Ex04_2 {
  static func weights(fanIn: Int, fanOut: Int, random: [Float]) -> [Float] {
    uniform(sqrt(2 / Double(fanIn + fanOut)), random)
  }
}

private enum FanInOnly: Ex04_2 {
  static func weights(fanIn: Int, fanOut: Int, random: [Float]) -> [Float] { uniform(sqrt(3 / Double(fanIn)), random) }
}

private enum PositiveOnly: Ex04_2 {
  static func weights(fanIn: Int, fanOut: Int, random: [Float]) -> [Float] {
    random.map { $0 * sqrt(6 / Float(fanIn + fanOut)) }
  }
}

private enum NoRoot: Ex04_2 {
  static func weights(fanIn: Int, fanOut: Int, random: [Float]) -> [Float] {
    uniform(6 / Double(fanIn + fanOut), random)
  }
}

private enum Doubled: Ex04_2 {
  static func weights(fanIn: Int, fanOut: Int, random: [Float]) -> [Float] {
    uniform(sqrt(12 / Double(fanIn + fanOut)), random)
  }
}

private enum HalfAsWide: Ex04_2 {
  static func weights(fanIn: Int, fanOut: Int, random: [Float]) -> [Float] {
    uniform(sqrt(6 / Double(fanIn + fanOut)) / 2, random)
  }
}

private enum WholeNumbers: Ex04_2 {
  static func weights(fanIn: Int, fanOut: Int, random: [Float]) -> [Float] {
    uniform(sqrt(Double(6 / (fanIn + fanOut))), random)
  }
}
