// Exercise 5.3: the cases that check an answer, and the common mistakes recognized by name.

import ExerciseKit
import Foundation

extension Catalogue {
  package static let ex05_3 = Exercise<any Ex05_3.Type>(
    .ex05_3, section: "At test time there is no batch", difficulty: .medium,
    hints: [
      "What does a batch of 2 say about the variance of the data, on average? The page measures it.",
      "New running value = (1 − momentum)·old + momentum·batch. The batch variance has m − 1 as its denominator. "
        + "Inference computes no statistics of its input.",
      "`variance[c] = (1 - momentum) * variance[c] + momentum * squares / Float(count - 1)`, "
        + "with squares = Σ(x − μ)² over the `count` values of channel c; then "
        + "`y = gamma[c] * (x - mean[c]) / (variance[c] + epsilon).squareRoot() + beta[c]`.",
    ],
    cases: [
      update([0], [1], [2, 1], [1, 3], momentum: 0.5, "mean 2 and unbiased variance 2, each weighted by ½"),
      update([0], [1], [2, 1], [1, 3], momentum: 1, "momentum 1: only the batch counts"),
      update([2, -1], [1, 3], [4, 2], nil, momentum: 0.1, "two channels, momentum 0.1"),
      update([0.5, 2], [1, 2], [3, 2, 2, 2], nil, momentum: 0.25, "images: m = N·H·W values for each channel"),
      infer([1, 1], [5], mean: [3], variance: [4], gamma: [1], beta: [0], "one sample: (5 − 3)/2 = 1"),
      infer(
        [3, 2], nil, mean: [0.5, -1], variance: [0.25, 9], gamma: [2, 0.5], beta: [1, -1], epsilon: 0.1, "a batch"),
      infer([2, 2, 2, 2], nil, mean: [1, 0], variance: [2, 0.5], gamma: [1, 3], beta: [0, 2], "images"),
    ],
    mutants: [
      Mutant(
        "keeps the biased variance",
        effect:
          "The running variance is too small by (m − 1)/m: at test time everything is scaled up, for batches of 2 by "
          + "1.4.", Biased.self),
      Mutant(
        "swaps the roles of momentum and 1 − momentum",
        effect: "The running statistics are nearly those of the last batch, and test results jump with it.",
        Swapped.self),
      Mutant(
        "uses batch statistics at inference",
        effect: "The answer depends on the other images in the batch, and a single image has no variance.",
        BatchAtInference.self),
      Mutant(
        "averages standard deviations instead of variances",
        effect:
          "The mean deviation is smaller than the root of the mean variance: outputs are scaled up at test time.",
        Deviations.self),
      Mutant(
        "adds momentum times the batch without shrinking the old value",
        effect: "The running statistics grow with every step, and the outputs at inference are meaningless.",
        Growing.self),
      Mutant(
        "divides by the variance instead of its square root",
        effect: "The layer differs between training and test: the test error is at chance level.", NoRoot.self),
    ])
}

private func update(
  _ mean: [Float], _ variance: [Float], _ shape: Shape, _ values: [Float]?, momentum: Float, _ about: String
) -> Case<any Ex05_3.Type> {
  let batch = values.map { Tensor(shape, $0) } ?? unevenTensor(shape, center: 0.7, spread: 1.4)
  let wanted = Running().update(mean, variance, batch, momentum)
  let shown = values.map { "Tensor(\(shape), \($0))" } ?? "a batch of shape \(shape)"
  return Case(
    "update(mean: \(mean), variance: \(variance), with: \(shown), momentum: \(momentum))", about,
    look: "The variance has m − 1 as its denominator; m counts the values of a channel.", tolerance: 1e-4,
    gives: Outcome(("mean", wanted.mean), ("variance", wanted.variance))
  ) {
    let result = try $0.update(mean: mean, variance: variance, with: batch, momentum: momentum)
    return Outcome(("mean", result.mean), ("variance", result.variance))
  }
}

private func infer(
  _ shape: Shape, _ values: [Float]?, mean: [Float], variance: [Float], gamma: [Float], beta: [Float],
  epsilon: Float = 0, _ about: String
) -> Case<any Ex05_3.Type> {
  let x = values.map { Tensor(shape, $0) } ?? unevenTensor(shape, center: 0.4, spread: 1.8)
  let shown = values.map { "Tensor(\(shape), \($0))" } ?? "x of shape \(shape)"
  return Case(
    "infer(\(shown), mean: \(mean), variance: \(variance), gamma: \(gamma), beta: \(beta), epsilon: \(epsilon))", about,
    look: "No statistics are computed here: μ and σ² are arguments.", tolerance: 1e-4,
    gives: Running().infer(x, mean, variance, gamma, beta, epsilon)
  ) {
    try $0.infer(x, mean: mean, variance: variance, gamma: gamma, beta: beta, epsilon: epsilon)
  }
}

/// Running statistics in double precision, correct by default.
private struct Running {
  var correction = 1.0
  var isSwapped = false
  var forgetsToShrink = false
  var averagesDeviations = false
  var usesBatch = false
  var takesRoot = true

  func moments(_ batch: Tensor, _ c: Int) -> (mean: Double, variance: Double) {
    let (samples, channels) = (batch.shape[0], batch.shape[1])
    let positions = batch.count / (samples * channels)
    let values = (0..<samples).flatMap { n in
      (0..<positions).map { Double(batch.elements[(n * channels + c) * positions + $0]) }
    }
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.reduce(0) { $0 + pow($1 - mean, 2) } / max(1, Double(values.count) - correction))
  }

  func update(
    _ mean: [Float], _ variance: [Float], _ batch: Tensor, _ momentum: Float
  ) -> (mean: [Float], variance: [Float]) {
    let new = Double(isSwapped ? 1 - momentum : momentum)
    let old = forgetsToShrink ? 1 : 1 - new
    var (mean, variance) = (mean, variance)
    for c in mean.indices {
      let own = moments(batch, c)
      mean[c] = Float(old * Double(mean[c]) + new * own.mean)
      variance[c] =
        averagesDeviations
        ? Float(pow(old * Double(variance[c]).squareRoot() + new * own.variance.squareRoot(), 2))
        : Float(old * Double(variance[c]) + new * own.variance)
    }
    return (mean, variance)
  }

  func infer(
    _ x: Tensor, _ mean: [Float], _ variance: [Float], _ gamma: [Float], _ beta: [Float], _ epsilon: Float
  ) -> Tensor {
    let positions = x.count / (x.shape[0] * x.shape[1])
    let biased = Running(correction: 0)
    return Tensor(
      x.shape,
      x.elements.enumerated().map { index, value in
        let c = index / positions % x.shape[1]
        let own = usesBatch ? biased.moments(x, c) : (Double(mean[c]), Double(variance[c]))
        let divisor = takesRoot ? (own.1 + Double(epsilon)).squareRoot() : own.1 + Double(epsilon)
        return Float(Double(gamma[c]) * (Double(value) - own.0) / divisor + Double(beta[c]))
      })
  }
}

/// A mutant described by a `Running` with one error.
private protocol RunningMutant: Ex05_3 {
  static var running: Running { get }
}

extension RunningMutant {
  static func update(mean: [Float], variance: [Float], with batch: Tensor, momentum: Float)
    -> (mean: [Float], variance: [Float])
  { running.update(mean, variance, batch, momentum) }

  static func infer(_ input: Tensor, mean: [Float], variance: [Float], gamma: [Float], beta: [Float], epsilon: Float)
    -> Tensor
  { running.infer(input, mean, variance, gamma, beta, epsilon) }
}

private enum Biased: RunningMutant { static var running: Running { Running(correction: 0) } }
private enum Swapped: RunningMutant { static var running: Running { Running(isSwapped: true) } }
private enum BatchAtInference: RunningMutant { static var running: Running { Running(usesBatch: true) } }
private enum Deviations: RunningMutant { static var running: Running { Running(averagesDeviations: true) } }
private enum Growing: RunningMutant { static var running: Running { Running(forgetsToShrink: true) } }
private enum NoRoot: RunningMutant { static var running: Running { Running(takesRoot: false) } }
