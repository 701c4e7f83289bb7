// Exercise 6.4: how an answer is examined, and the mistakes known by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex06_4 = Exercise<any Ex06_4.Type>(
    .ex06_4, section: "Many nets in one", difficulty: .hard,
    hints: [
      "How many subsets do M hidden units have, and how probable is the one with k units left when p is not ½?",
      "For each mask: scale the kept units by 1/(1 − p), compute logits and softmax. The average adds probability of the "
        + "mask times softmax; the geometric mean adds probability of the mask times log softmax, and is normalized.",
      "`for mask in 0..<1 << M`, bit i says whether unit i stays, `probability *= bit == 1 ? 1 - rate : rate`. The "
        + "geometric mean is `exp` of the averaged logarithms divided by their sum.",
    ],
    cases: [
      average([1], [[2], [0]], [0, 0], 0.5, "one unit: the nets with and without it, half each"),
      geometric([1], [[2], [0]], [0, 0], 0.5, "its geometric mean: the softmax of the mean logits (2, 0)"),
      average([1, 2], [[1, -1], [0.5, 1]], [0.2, -0.1], 0.5, "two units, four nets"),
      average(
        [1, 2], [[1, -1], [0.5, 1]], [0.2, -0.1], 0.2, "p = 0.2: the nets are not equally likely",
        look: "A mask with k of M units left has probability (1 − p)ᵏ·pᴹ⁻ᵏ."),
      average(many.hidden, many.weight, many.bias, 0.3, "six units, three classes: 64 nets"),
      geometric(
        many.hidden, many.weight, many.bias, 0.3, "six units, three classes",
        look: "The probabilities of the geometric mean add up to 1 only after they are normalized."),
    ],
    mutants: [
      Mutant(
        "takes all masks as equally likely",
        effect: "Right at p = ½ only; at p = 0.2 nets with few units count far too much.", EquallyLikely.self),
      Mutant(
        "forgets to scale the kept units by 1/(1 − p)",
        effect: "The crowd is more hesitant than the net that was trained.", NoScale.self),
      Mutant(
        "leaves out the empty mask",
        effect: "The net without any unit belongs to the crowd too: probabilities no longer add up to 1.", NoEmpty.self),
      Mutant(
        "averages the logits and takes one softmax for the average",
        effect: "That is the geometric mean: one pass with scaled weights, usually surer of itself than the crowd.",
        LogitsForAverage.self),
      Mutant(
        "takes the arithmetic mean for both", effect: "The two differ: the geometric mean punishes every single doubt.",
        SameForBoth.self),
      Mutant(
        "does not normalize the geometric mean",
        effect: "The numbers add up to less than 1: as confidences they are too small.", Unnormalized.self),
    ])
}

private let many = (
  hidden: [0.5, 1.2, 0, 2, 0.7, 1.1],
  weight: [[1, -0.5, 0.3, 0.4, -1, 0.2], [0.2, 0.9, -1, -0.6, 0.5, 0.1], [-0.7, 0.3, 0.8, 0.5, 0.4, -0.9]],
  bias: [0.1, -0.2, 0.3]
)

/// How a crowd is averaged; by default the right way.
private struct Crowd {
  var knowsProbabilities = true
  var scales = true
  var firstMask = 0
  var normalizes = true

  func softmax(_ z: [Double]) -> [Double] {
    let largest = z.max() ?? 0
    let powers = z.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// Σ over all masks of the mask's probability times `value` of its logits.
  func mean(
    _ hidden: [Double], _ weight: [[Double]], _ bias: [Double], _ rate: Double, _ value: ([Double]) -> [Double]
  ) -> [Double] {
    var total = [Double](repeating: 0, count: bias.count)
    for mask in firstMask..<1 << hidden.count {
      var probability = 1.0
      var kept = hidden
      for i in hidden.indices {
        let stays = mask >> i & 1 == 1
        probability *= knowsProbabilities ? (stays ? 1 - rate : rate) : 0.5
        kept[i] = stays ? (scales ? hidden[i] / (1 - rate) : hidden[i]) : 0
      }
      let logits = zip(weight, bias).map { row, b in zip(row, kept).reduce(b) { $0 + $1.0 * $1.1 } }
      for (j, part) in value(logits).enumerated() { total[j] += probability * part }
    }
    return total
  }

  func average(_ hidden: [Double], _ weight: [[Double]], _ bias: [Double], _ rate: Double) -> [Double] {
    mean(hidden, weight, bias, rate, softmax)
  }

  func geometric(_ hidden: [Double], _ weight: [[Double]], _ bias: [Double], _ rate: Double) -> [Double] {
    let powers = mean(hidden, weight, bias, rate) { softmax($0).map { log($0) } }.map { exp($0) }
    let sum = normalizes ? powers.reduce(0, +) : 1
    return powers.map { $0 / sum }
  }
}

private func average(
  _ hidden: [Double], _ weight: [[Double]], _ bias: [Double], _ rate: Double, _ about: String,
  look: String = "Kept units are scaled by 1/(1 − p), as in training."
) -> Case<any Ex06_4.Type> {
  Case(
    "average(hidden: \(hidden), weight: \(weight), bias: \(bias), dropping: \(rate))", about, look: look,
    tolerance: 1e-6, gives: Crowd().average(hidden, weight, bias, rate)
  ) { try $0.average(hidden: hidden, weight: weight, bias: bias, dropping: rate) }
}

private func geometric(
  _ hidden: [Double], _ weight: [[Double]], _ bias: [Double], _ rate: Double, _ about: String,
  look: String = "With one softmax layer it is the softmax of the logits with all units there."
) -> Case<any Ex06_4.Type> {
  // By the theorem of the page, not by going through the masks: an independent reference.
  let logits = zip(weight, bias).map { row, b in zip(row, hidden).reduce(b) { $0 + $1.0 * $1.1 } }
  return Case(
    "geometricMean(hidden: \(hidden), weight: \(weight), bias: \(bias), dropping: \(rate))", about, look: look,
    tolerance: 1e-6, gives: Crowd().softmax(logits)
  ) { try $0.geometricMean(hidden: hidden, weight: weight, bias: bias, dropping: rate) }
}

/// A mutant is a `Crowd` gone wrong, or one that mixes up the two means.
private protocol CrowdMutant: Ex06_4 {
  static var crowd: Crowd { get }
}

extension CrowdMutant {
  static var crowd: Crowd { Crowd() }
  static func average(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) -> [Double] {
    crowd.average(hidden, weight, bias, rate)
  }
  static func geometricMean(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) -> [Double] {
    crowd.geometric(hidden, weight, bias, rate)
  }
}

private enum EquallyLikely: CrowdMutant { static var crowd: Crowd { Crowd(knowsProbabilities: false) } }
private enum NoScale: CrowdMutant { static var crowd: Crowd { Crowd(scales: false) } }
private enum NoEmpty: CrowdMutant { static var crowd: Crowd { Crowd(firstMask: 1) } }
private enum Unnormalized: CrowdMutant { static var crowd: Crowd { Crowd(normalizes: false) } }

private enum LogitsForAverage: CrowdMutant {
  static func average(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) -> [Double] {
    crowd.geometric(hidden, weight, bias, rate)
  }
}

private enum SameForBoth: CrowdMutant {
  static func geometricMean(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) -> [Double] {
    crowd.average(hidden, weight, bias, rate)
  }
}
