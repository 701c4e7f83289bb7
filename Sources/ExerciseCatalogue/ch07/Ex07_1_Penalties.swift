// Exercise 7.1: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit

extension Catalogue {
  package static let ex07_1 = Exercise<any Ex07_1.Type>(
    .ex07_1, section: "A price on weights", difficulty: .easy,
    hints: [
      "Both are sums over all weights. What is the slope of |w| on either side of 0, and what is that of ½w²?",
      "The slope of |w| is the sign of w; use 0 at 0. The ½ in front of λ₂ cancels the 2 from the square.",
      "`weights.map { w in l1 * (w > 0 ? 1 : w < 0 ? -1 : 0) + l2 * w }`",
    ],
    cases: [
      price([3, -4], 1, 0, "L1 alone"),
      price([3, -4], 0, 1, "L2 alone", look: "½·9 + ½·16"),
      slope([3, -4], 1, 0, "L1 alone"),
      slope([3, -4], 0, 1, "L2 alone"),
      zero(),
      price([0.5, -0.25, 2, -1, 0.125], 0.1, 0.01, "both"),
      slope([0.5, -0.25, 2, -1, 0.125], 0.1, 0.01, "both"),
      price((1...50).map { Float(($0 * 37) % 101 - 50) / 20 }, 0.003, 0.02, "fifty weights", call: "fifty weights"),
    ],
    mutants: [
      Mutant(
        "leaves out the ½ in front of λ₂",
        effect: "λ means twice what it means in the papers: their values do not carry over.", NoHalf.self),
      Mutant(
        "adds λ₁ to every gradient, whatever the sign of the weight",
        effect: "Negative weights are driven further and further away from 0.", NoSign.self),
      Mutant(
        "takes the slope of |w| at 0 as 1",
        effect: "Weights that have reached 0 are pushed out again: L1 no longer selects.", SignOfZero.self),
      Mutant(
        "exchanges λ₁ and λ₂",
        effect: "Weights that should be sparse become small instead, and the other way round.", Exchanged.self),
      Mutant(
        "averages over the weights instead of summing",
        effect: "The larger the layer, the weaker its penalty: a λ found for one network is wrong for the next.",
        Mean.self),
      Mutant(
        "uses the norm √Σw² for L2 instead of its square",
        effect: "The pull is the same however large the weights are: it is no longer a proportional decay.", Norm.self),
    ])
}

private func text(_ weights: [Float]) -> String {
  "[" + weights.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" }.joined(separator: ", ") + "]"
}

private func value(_ w: [Double], _ l1: Float, _ l2: Float) -> Double {
  w.reduce(0) { $0 + Double(l1) * abs($1) + 0.5 * Double(l2) * $1 * $1 }
}

private func price(
  _ weights: [Float], _ l1: Float, _ l2: Float, _ about: String, call: String? = nil, look: String = ""
) -> Case<any Ex07_1.Type> {
  Case(
    "penalty(\(call ?? text(weights)), l1: \(l1), l2: \(l2))", about, look: look,
    gives: Float(value(weights.map(Double.init), l1, l2))
  ) { try $0.penalty(weights, l1: l1, l2: l2) }
}

private func slope(_ weights: [Float], _ l1: Float, _ l2: Float, _ about: String) -> Case<any Ex07_1.Type> {
  Case(
    "gradient(\(text(weights)), l1: \(l1), l2: \(l2))", about,
    gives: CentralDifferences.gradient(at: weights.map(Double.init)) { value($0, l1, l2) }.map(Float.init)
  ) { try $0.gradient(weights, l1: l1, l2: l2) }
}

/// At 0 there is no derivative of |w|; the convention is 0.
private func zero() -> Case<any Ex07_1.Type> {
  Case(
    "gradient([0, 2], l1: 1, l2: 1)", "a weight of 0", look: "A weight of 0 pays no penalty and stays at 0.",
    gives: [Float(0), 3]
  ) { try $0.gradient([0, 2], l1: 1, l2: 1) }
}

private func sum(_ weights: [Float], _ l1: Float, _ l2: Float) -> Float {
  Float(value(weights.map(Double.init), l1, l2))
}

private func sign(_ w: Float) -> Float { w > 0 ? 1 : w < 0 ? -1 : 0 }

private func slopes(_ weights: [Float], _ l1: Float, _ l2: Float) -> [Float] {
  weights.map { l1 * sign($0) + l2 * $0 }
}

private enum NoHalf: Ex07_1 {
  static func penalty(_ weights: [Float], l1: Float, l2: Float) -> Float { sum(weights, l1, 2 * l2) }
  static func gradient(_ weights: [Float], l1: Float, l2: Float) -> [Float] { slopes(weights, l1, 2 * l2) }
}

private enum NoSign: Ex07_1 {
  static func penalty(_ weights: [Float], l1: Float, l2: Float) -> Float { sum(weights, l1, l2) }
  static func gradient(_ weights: [Float], l1: Float, l2: Float) -> [Float] { weights.map { l1 + l2 * $0 } }
}

private enum SignOfZero: Ex07_1 {
  static func penalty(_ weights: [Float], l1: Float, l2: Float) -> Float { sum(weights, l1, l2) }
  static func gradient(_ weights: [Float], l1: Float, l2: Float) -> [Float] {
    weights.map { ($0 >= 0 ? l1 : -l1) + l2 * $0 }
  }
}

private enum Exchanged: Ex07_1 {
  static func penalty(_ weights: [Float], l1: Float, l2: Float) -> Float { sum(weights, l2, l1) }
  static func gradient(_ weights: [Float], l1: Float, l2: Float) -> [Float] { slopes(weights, l2, l1) }
}

private enum Mean: Ex07_1 {
  static func penalty(_ weights: [Float], l1: Float, l2: Float) -> Float { sum(weights, l1, l2) / Float(weights.count) }
  static func gradient(_ weights: [Float], l1: Float, l2: Float) -> [Float] {
    slopes(weights, l1, l2).map { $0 / Float(weights.count) }
  }
}

private enum Norm: Ex07_1 {
  private static func norm(_ weights: [Float]) -> Float { weights.reduce(0) { $0 + $1 * $1 }.squareRoot() }
  static func penalty(_ weights: [Float], l1: Float, l2: Float) -> Float {
    sum(weights, l1, 0) + l2 * norm(weights)
  }
  static func gradient(_ weights: [Float], l1: Float, l2: Float) -> [Float] {
    let length = norm(weights)
    return weights.map { l1 * sign($0) + (length > 0 ? l2 * $0 / length : 0) }
  }
}
