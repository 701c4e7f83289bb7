// Exercise 6.4: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex06_4 = Exercise<any Ex06_4.Type>(
    .ex06_4, section: "Many nets in one", difficulty: .hard,
    hints: [
      "How many subsets do M hidden units have, and how probable is one with k units kept when p is not ½?",
      "For each mask, scale the kept units by 1/(1 − p) and compute logits and softmax. Weight each mask by its "
        + "probability: the average adds up softmaxes; the geometric mean adds up log softmaxes and is normalized.",
      "`for mask in 0..<1 << M`, bit i says whether unit i is kept, `probability *= bit == 1 ? 1 - rate : rate`. The "
        + "geometric mean is `exp` of the averaged logarithms divided by their sum.",
    ],
    cases: [
      average([1], [[2], [0]], [0, 0], 0.5, "one unit: the networks with and without it, half each"),
      geometric([1], [[2], [0]], [0, 0], 0.5, "its geometric mean: the softmax of the mean logits (2, 0)"),
      average([1, 2], [[1, -1], [0.5, 1]], [0.2, -0.1], 0.5, "two units, four networks"),
      average(
        [1, 2], [[1, -1], [0.5, 1]], [0.2, -0.1], 0.2, "p = 0.2: the networks are not equally likely",
        look: "A mask that keeps k of M units has probability (1 − p)ᵏ·pᴹ⁻ᵏ."),
      average(many.hidden, many.weight, many.bias, 0.3, "six units, three classes: 64 networks"),
      geometric(
        many.hidden, many.weight, many.bias, 0.3, "six units, three classes",
        look: "The probabilities of the geometric mean add up to 1 only after they are normalized."),
    ],
    mutants: [
      Mutant(
        "treats all masks as equally likely",
        effect: "Correct only at p = ½; at p = 0.2, networks with few units count too much.", EquallyLikely.self),
      Mutant(
        "forgets to scale the kept units by 1/(1 − p)",
        effect: "The ensemble is less confident than the network that was trained.", NoScale.self),
      Mutant(
        "leaves out the empty mask",
        effect: "The network without any unit belongs to the ensemble: without it, probabilities do not add up to 1.",
        NoEmpty.self),
      Mutant(
        "averages the logits and takes one softmax for the average",
        effect: "That is the geometric mean: one pass with scaled weights, usually more confident than the ensemble.",
        LogitsForAverage.self),
      Mutant(
        "uses the arithmetic mean for both",
        effect: "The two differ: a single low probability pulls the geometric mean down.",
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

/// How an ensemble is averaged; correct by default.
private struct Ensemble {
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
    tolerance: 1e-6, gives: Ensemble().average(hidden, weight, bias, rate)
  ) { try $0.average(hidden: hidden, weight: weight, bias: bias, dropping: rate) }
}

private func geometric(
  _ hidden: [Double], _ weight: [[Double]], _ bias: [Double], _ rate: Double, _ about: String,
  look: String = "With one softmax layer, it is the softmax of the logits with all units present."
) -> Case<any Ex06_4.Type> {
  // Computed by the theorem on the page, not by enumerating the masks: an independent reference.
  let logits = zip(weight, bias).map { row, b in zip(row, hidden).reduce(b) { $0 + $1.0 * $1.1 } }
  return Case(
    "geometricMean(hidden: \(hidden), weight: \(weight), bias: \(bias), dropping: \(rate))", about, look: look,
    tolerance: 1e-6, gives: Ensemble().softmax(logits)
  ) { try $0.geometricMean(hidden: hidden, weight: weight, bias: bias, dropping: rate) }
}

/// A mutant described by an `Ensemble` with one error, or one that mixes up the two means.
private protocol EnsembleMutant: Ex06_4 {
  static var ensemble: Ensemble { get }
}

extension EnsembleMutant {
  static var ensemble: Ensemble { Ensemble() }
  static func average(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) -> [Double] {
    ensemble.average(hidden, weight, bias, rate)
  }
  static func geometricMean(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) -> [Double] {
    ensemble.geometric(hidden, weight, bias, rate)
  }
}

private enum EquallyLikely: EnsembleMutant { static var ensemble: Ensemble { Ensemble(knowsProbabilities: false) } }
private enum NoScale: EnsembleMutant { static var ensemble: Ensemble { Ensemble(scales: false) } }
private enum NoEmpty: EnsembleMutant { static var ensemble: Ensemble { Ensemble(firstMask: 1) } }
private enum Unnormalized: EnsembleMutant { static var ensemble: Ensemble { Ensemble(normalizes: false) } }

private enum LogitsForAverage: EnsembleMutant {
  static func average(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) -> [Double] {
    ensemble.geometric(hidden, weight, bias, rate)
  }
}

private enum SameForBoth: EnsembleMutant {
  static func geometricMean(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) -> [Double] {
    ensemble.average(hidden, weight, bias, rate)
  }
}
