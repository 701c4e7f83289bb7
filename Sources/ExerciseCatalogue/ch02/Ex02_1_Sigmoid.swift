// Exercise 2.1: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex02_1 = Exercise<any Ex02_1.Type>(
    .ex02_1, section: "Sigmoid and tanh", difficulty: .easy,
    hints: [
      "What should come out for 0, for a large number, for a large negative one? Try each in the formula.",
      "The derivative can be written with σ alone. Compute σ first, then use it twice.",
      "`1 / (1 + exp(-x))` with `import Foundation`; the derivative is `s * (1 - s)` with `s` the sigmoid of x.",
    ],
    cases: [
      values([0]),
      values([2], "σ(2) = 0.88", look: "Check the sign in the exponent: e⁻ˣ, so that large x give 1."),
      slopes([0]),
      slopes(
        [2, -2], "the same slope on both sides, 0.105",
        look: "The derivative takes x, so σ(x) must be computed first; it is s·(1 − s)."),
      values(
        [1000, -1000, 100, -100], "far from 0", look: "e¹⁰⁰⁰ is infinite, and infinity divided by infinity is NaN."),
      slopes([1000, -1000], "far from 0: the slope vanishes"),
      values([-3.5, -1, -0.25, 0.5, 1.75, 6]),
      slopes([-3.5, -1, -0.25, 0.5, 1.75, 6]),
    ],
    mutants: [
      Mutant(
        "uses 1 − σ² as the derivative, which is that of tanh",
        effect:
          "This mistake explains the first row of S0's table (chapter 10): saturated units look alive, yet it trains.",
        TanhSlope.self),
      Mutant(
        "evaluates the derivative at σ(x) instead of x",
        effect: "The slope does not vanish far from 0; saturated units receive gradients that they should not get.",
        TwiceSigmoid.self),
      Mutant(
        "treats x as if it were already σ(x)",
        effect: "x·(1 − x) is correct for a layer's stored outputs; for its inputs it grows without limit.",
        OfOutputs.self),
      Mutant(
        "gets the sign of the exponent wrong",
        effect: "At first every output is mirrored, yes for no; training can undo that, but slowly.",
        Mirrored.self),
      Mutant(
        "writes eˣ/(1 + eˣ), which is NaN for large x",
        effect: "A single large sum makes every weight of the network NaN after the next step.", Overflowing.self),
      Mutant(
        "leaves out the factor 1 − σ",
        effect: "Large sums get the largest gradients: the network pushes itself into saturation.",
        OneFactor.self),
    ])
}

private func reference(_ x: Float) -> Double { 1 / (1 + exp(-Double(x))) }

private func values(_ x: [Float], _ about: String = "", look: String = "") -> Case<any Ex02_1.Type> {
  Case("sigmoid(\(x))", about, look: look, gives: x.map { reference($0) }) { try $0.sigmoid(x).map { Double($0) } }
}

private func slopes(_ x: [Float], _ about: String = "", look: String = "") -> Case<any Ex02_1.Type> {
  Case(
    "derivative(at: \(x))", about, look: look,
    gives: CentralDifferences.gradient(at: x.map { Double($0) }) { x in
      x.reduce(0) { $0 + 1 / (1 + exp(-$1)) }
    }
  ) {
    try $0.derivative(at: x).map { Double($0) }
  }
}

private enum TanhSlope: Ex02_1 {
  static func sigmoid(_ x: [Float]) -> [Float] { x.map { Float(reference($0)) } }
  static func derivative(at x: [Float]) -> [Float] { sigmoid(x).map { 1 - $0 * $0 } }
}

private enum TwiceSigmoid: Ex02_1 {
  static func sigmoid(_ x: [Float]) -> [Float] { x.map { Float(reference($0)) } }
  static func derivative(at x: [Float]) -> [Float] { sigmoid(sigmoid(x)).map { $0 * (1 - $0) } }
}

private enum Mirrored: Ex02_1 {
  static func sigmoid(_ x: [Float]) -> [Float] { x.map { Float(reference(-$0)) } }
  static func derivative(at x: [Float]) -> [Float] { sigmoid(x).map { $0 * (1 - $0) } }
}

private enum Overflowing: Ex02_1 {
  static func sigmoid(_ x: [Float]) -> [Float] { x.map { exp($0) / (1 + exp($0)) } }
  static func derivative(at x: [Float]) -> [Float] { sigmoid(x).map { $0 * (1 - $0) } }
}

private enum OneFactor: Ex02_1 {
  static func sigmoid(_ x: [Float]) -> [Float] { x.map { Float(reference($0)) } }
  static func derivative(at x: [Float]) -> [Float] { sigmoid(x) }
}

private enum OfOutputs: Ex02_1 {
  static func sigmoid(_ x: [Float]) -> [Float] { x.map { Float(reference($0)) } }
  static func derivative(at x: [Float]) -> [Float] { x.map { $0 * (1 - $0) } }
}
