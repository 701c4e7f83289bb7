// Exercise 2.3: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex02_3 = Exercise<any Ex02_3.Type>(
    .ex02_3, section: "ELU", difficulty: .easy,
    hints: [
      "The sign of x selects one of two sides. What must the negative side give at 0, so that the two meet?",
      "The derivative of α·(eˣ − 1) keeps the α and the eˣ and loses the 1.",
      "`x > 0 ? x : alpha * (exp(x) - 1)`; in the backward pass, `x > 0 ? gradient : gradient * alpha * exp(x)`.",
    ],
    cases: [
      values([2, 0], 1, "the positive side, and 0"),
      values([-1], 1, "e⁻¹ − 1 = −0.632", look: "Subtract 1 from the exponential, so that the two sides meet at 0."),
      values([-1, 3], 2, "α = 2 on the negative side only"),
      slopes([10, 10], [3, -1], 1, "slope 1, and e⁻¹"),
      slopes([1, 2, -1], [-0.5, -2, 1], 2, "α = 2", look: "The slope on the negative side is α·eˣ, which is y + α."),
      values([-100, 100, -0.01, 0.01, -5, 5], 0.5, "far from 0: −α, and x itself"),
      slopes([1, -2, 0.5, 3], [-4, 60, 0.25, -0.75], 0.5, "both sides mixed"),
    ],
    mutants: [
      Mutant(
        "leaves out the −1",
        effect: "The function jumps at 0 and is positive everywhere: the outputs are no longer centred.",
        NoMinusOne.self),
      Mutant(
        "forgets α in the slope",
        effect: "For α ≠ 1 the negative side learns at the wrong speed, and the gradient check fails.",
        NoAlphaSlope.self),
      Mutant(
        "uses y as the slope on the negative side",
        effect: "The gradient has the wrong sign there: sums below 0 are pushed further down.", ValueAsSlope.self),
      Mutant(
        "forgets α altogether", effect: "The negative limit is −1, whatever α is.", NoAlpha.self),
      Mutant(
        "stops the gradient on the negative side, like a ReLU",
        effect: "Units can die, which ELU was designed to prevent.", Dead.self),
    ])
}

private func f(_ x: Double, _ alpha: Double) -> Double { x > 0 ? x : alpha * (exp(x) - 1) }

private func values(_ x: [Float], _ alpha: Float, _ about: String, look: String = "") -> Case<any Ex02_3.Type> {
  Case("elu(\(x), alpha: \(alpha))", about, look: look, gives: x.map { Float(f(Double($0), Double(alpha))) }) {
    try $0.elu(x, alpha: alpha)
  }
}

private func slopes(
  _ gradient: [Float], _ x: [Float], _ alpha: Float, _ about: String, look: String = ""
) -> Case<any Ex02_3.Type> {
  Case(
    "backward(outputGradient: \(gradient), input: \(x), alpha: \(alpha))", about, look: look,
    gives: CentralDifferences.gradient(at: x.map { Double($0) }, upstream: gradient.map { Double($0) }) {
      $0.map { f($0, Double(alpha)) }
    }.map { Float($0) }
  ) {
    try $0.backward(outputGradient: gradient, input: x, alpha: alpha)
  }
}

private func right(_ x: [Float], _ alpha: Float) -> [Float] { x.map { Float(f(Double($0), Double(alpha))) } }
private func slope(_ gradient: [Float], _ x: [Float], _ negative: (Float) -> Float) -> [Float] {
  zip(gradient, x).map { $1 > 0 ? $0 : $0 * negative($1) }
}

private enum NoMinusOne: Ex02_3 {
  static func elu(_ x: [Float], alpha: Float) -> [Float] { x.map { $0 > 0 ? $0 : alpha * exp($0) } }
  static func backward(outputGradient: [Float], input: [Float], alpha: Float) -> [Float] {
    slope(outputGradient, input) { alpha * exp($0) }
  }
}

private enum NoAlphaSlope: Ex02_3 {
  static func elu(_ x: [Float], alpha: Float) -> [Float] { right(x, alpha) }
  static func backward(outputGradient: [Float], input: [Float], alpha: Float) -> [Float] {
    slope(outputGradient, input) { exp($0) }
  }
}

private enum ValueAsSlope: Ex02_3 {
  static func elu(_ x: [Float], alpha: Float) -> [Float] { right(x, alpha) }
  static func backward(outputGradient: [Float], input: [Float], alpha: Float) -> [Float] {
    slope(outputGradient, input) { alpha * (exp($0) - 1) }
  }
}

private enum NoAlpha: Ex02_3 {
  static func elu(_ x: [Float], alpha: Float) -> [Float] { right(x, 1) }
  static func backward(outputGradient: [Float], input: [Float], alpha: Float) -> [Float] {
    slope(outputGradient, input) { exp($0) }
  }
}

private enum Dead: Ex02_3 {
  static func elu(_ x: [Float], alpha: Float) -> [Float] { right(x, alpha) }
  static func backward(outputGradient: [Float], input: [Float], alpha: Float) -> [Float] {
    slope(outputGradient, input) { _ in 0 }
  }
}
