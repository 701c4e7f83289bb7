// Exercise 2.1: how an answer is examined, and the mistakes known by name.

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
      values([2], "σ(2) = 0.88", look: "The sign in front of x: e⁻ˣ, so that large x give 1."),
      slopes([0]),
      slopes(
        [2, -2], "the same slope on both sides, 0.105",
        look: "The derivative takes x, so σ(x) must be computed first; it is s·(1 − s)."),
      values(
        [1000, -1000, 100, -100], "very far out", look: "e¹⁰⁰⁰ is infinite, and infinity divided by infinity is NaN."),
      slopes([1000, -1000], "very far out: nothing left"),
      values([-3.5, -1, -0.25, 0.5, 1.75, 6]),
      slopes([-3.5, -1, -0.25, 0.5, 1.75, 6]),
    ],
    mutants: [
      Mutant(
        "takes 1 − σ² for the derivative, which is that of tanh",
        effect:
          "The very mistake behind S0's first row (chapter 10): saturated units look alive, and the net still trains.",
        TanhSlope.self),
      Mutant(
        "takes the derivative at σ(x) as if σ(x) were x",
        effect: "The slope never vanishes far out; saturated units get gradients that belong elsewhere.",
        TwiceSigmoid.self),
      Mutant(
        "takes the derivative at x as if x were σ(x) already",
        effect: "x·(1 − x) is right for a layer that kept its outputs; for its inputs it grows without limit.",
        OfOutputs.self),
      Mutant(
        "has the sign of the exponent wrong", effect: "Every yes becomes a no, at first; training can undo it, slowly.",
        Mirrored.self),
      Mutant(
        "writes eˣ/(1 + eˣ), which is NaN for large x",
        effect: "One large sum, and every weight of the net is NaN after the next step.", Overflowing.self),
      Mutant(
        "leaves out the factor 1 − σ",
        effect: "Large sums get the largest gradients: the net pushes itself into saturation.",
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
