// Whether what each of the endings names as probabilities are some: how sure the nets are, and how right, epoch by epoch.

import Foundation
import Workbook

extension Ending {
  /// Those that are compared as probabilities.
  static let judged = allCases + [bareSquared]

  // snippet: probabilities
  /// What a row of outputs says of the ten classes, as probabilities that add up to 1.
  func probabilities(_ outputs: [Float]) -> [Float] {
    let shares: [Float] =
      switch self {
      case .softmaxSquared: outputs
      case .softmaxEntropy: stableSoftmax(outputs)
      case .sigmoidSquared, .sigmoidPublished: outputs
      case .sigmoidEntropy: outputs.map { Float(sigmoid(Double($0))) }
      // Bare outputs may be anything.
      case .bareSquared: outputs.map { min(1, max(0.001, $0)) }
      }
    let total = shares.reduce(0, +)
    return total > 0 ? shares.map { $0 / total } : shares.map { _ in 1 / Float(shares.count) }
  }
  // snippet.end
}

/// One ending, trained on and on: what it says of new digits after each epoch.
struct EndingCalibration: Codable, Sendable {
  var ending: Ending
  var rate: Float
  /// [epoch], over the seeds, in per cent: the largest probability, the share of right answers, the calibration error.
  var sure: [Summary]
  var right: [Summary]
  var error: [Summary]
  /// [epoch]: the mean of −ln of the right class's probability.
  var logLoss: [Summary]
  /// At the end: what the calibration error would be by chance alone, in per cent.
  var floor: Summary

  var epochs: Int { sure.count }
  /// By how many points it is surer than right, after each epoch.
  var excess: [Summary] { zip(sure, right).map { $0 - $1 } }
}

extension EndingCalibration {
  /// Trains each ending at its rate.
  static func all(
    _ endings: [Ending] = Ending.judged, rates: [Float], on digits: DigitSets, epochs: Int, seeds: [UInt64],
    report: () -> Void = {}
  ) throws -> [EndingCalibration] {
    let all = try inParallel(endings.count * seeds.count) { index -> [EpochOfProbabilities.Look] in
      report()
      let (ending, seed) = (endings[index / seeds.count], seeds[index % seeds.count])
      let looks = EpochOfProbabilities(ending, on: digits.test)
      var trainer = Trainer(
        try Model(ending.layers(hidden: 30), input: [1, 28, 28], seed: seed), loss: ending.loss, optimizer: SGD(),
        schedule: ConstantRate(rates[index / seeds.count]), batchSize: 20, seed: seed)
      try trainer.trainResumably(on: digits.train, epochs: epochs, observers: [looks])
      return looks.looks
    }
    return endings.indices.map { place in
      let runs = all[place * seeds.count..<(place + 1) * seeds.count]
      func summaries(_ measure: (EpochOfProbabilities.Look) -> Double) -> [Summary] {
        // To four decimals: a record is not a place for rounding errors.
        (0..<epochs).map { epoch in Summary(runs.map { (10_000 * measure($0[epoch])).rounded() / 10_000 }) }
      }
      return EndingCalibration(
        ending: endings[place], rate: rates[place], sure: summaries { 100 * $0.reliability.confidence },
        right: summaries { 100 * $0.reliability.accuracy }, error: summaries { 100 * $0.reliability.error },
        logLoss: summaries(\.logLoss), floor: summaries { 100 * $0.reliability.floor }[epochs - 1])
    }
  }
}

extension EndingCalibration {
  /// Which of the two losses gives the better probabilities after a softmax, in words.
  static func comparison(_ endings: [EndingCalibration]) -> String {
    guard let squared = endings.first(where: { $0.ending == .softmaxSquared }),
      let entropy = endings.first(where: { $0.ending == .softmaxEntropy })
    else { return "" }
    let last = entropy.epochs - 1
    let right = squared.right[last] - entropy.right[last]
    let (errors, losses) = (squared.error[last] - entropy.error[last], squared.logLoss[last] - entropy.logLoss[last])
    let judged = right.worded(
      above: "Squared error after a softmax is right more often here, by \(right.withInterval()) points, and",
      below:
        "Squared error after a softmax is right less often here, by \(right.magnitude.withInterval()) points; still",
      withinChance: "Squared error and cross-entropy after a softmax are right equally often, within chance;")
    let calibrated = errors.worded(
      above: "its calibration error is the larger one by \(errors.withInterval()) points",
      below: "its calibration error is the smaller one by \(errors.magnitude.withInterval()) points",
      withinChance: "their calibration errors differ within chance")
    let scored = losses.worded(
      above: "and it gives the right class less probability (its −ln p is larger by \(losses.withInterval(3)))",
      below:
        "and it gives the right class more probability (its −ln p is smaller by \(losses.magnitude.withInterval(3)))",
      withinChance: "and so does −ln p")
    let why = errors.worded(
      above: "",
      below:
        " Where a net is nearly sure, its push has died: nothing drives a logit on and on. What makes squared error slow from a bad start keeps it modest at the end.",
      withinChance: "")
    return "\(judged) \(calibrated), \(scored).\(why)"
  }
}

/// Looks at what a net says of new digits after each epoch.
private final class EpochOfProbabilities: TrainingObserver {
  struct Look {
    var reliability: Reliability
    var logLoss: Double
  }

  private(set) var looks: [Look] = []
  private let ending: Ending
  private let digits: Dataset

  init(_ ending: Ending, on digits: Dataset) { (self.ending, self.digits) = (ending, digits) }

  func epochEnded(_ record: EpochRecord, trainer: Trainer) {
    var model = trainer.model
    let batch = digits.batch(first: digits.count)
    let (outputs, classes) = (model.forward(batch.inputs).elements, digits.classCount)
    var (answers, loss) = ([(sure: Float, isRight: Bool)](), 0.0)
    for (row, label) in batch.labels.enumerated() {
      let p = ending.probabilities(Array(outputs[row * classes..<(row + 1) * classes]))
      let choice = p.indices.max { p[$0] < p[$1] } ?? 0
      answers.append((p[choice], choice == Int(label)))
      loss -= log(max(Double(p[Int(label)]), 1e-12))
    }
    looks.append(Look(reliability: Reliability(answers), logLoss: loss / Double(max(1, digits.count))))
  }
}
