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
      case .softmaxEntropy, .softmaxTwice: stableSoftmax(outputs)
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
        (0..<epochs).map { epoch in Summary(runs.map { measure($0[epoch]) }).rounded(decimals: 4) }
      }
      return EndingCalibration(
        ending: endings[place], rate: rates[place], sure: summaries { 100 * $0.reliability.confidence },
        right: summaries { 100 * $0.reliability.accuracy }, error: summaries { 100 * $0.reliability.error },
        logLoss: summaries(\.logLoss), floor: summaries { 100 * $0.reliability.floor }[epochs - 1])
    }
  }
}

extension EndingCalibration {
  /// The place of the epoch with the least mean of −ln p.
  var best: Int { logLoss.indices.min { logLoss[$0].mean < logLoss[$1].mean } ?? 0 }
  /// Which of the two losses gives the better probabilities after a softmax, in words: at the end, and each at its best.
  static func comparison(_ endings: [EndingCalibration]) -> String {
    guard let squared = endings.first(where: { $0.ending == .softmaxSquared }),
      let entropy = endings.first(where: { $0.ending == .softmaxEntropy })
    else { return "" }
    let last = entropy.epochs - 1
    let errors = squared.error[last] - entropy.error[last]
    let end = "After \(counted(entropy.epochs, "epoch"))"
    let calibrated = errors.worded(
      above: "\(end) a softmax with cross-entropy is the better calibrated one.",
      below: "\(end) a softmax with squared error is the better calibrated one.",
      withinChance: "\(end) a softmax is calibrated equally well with both losses, within chance.")
    return
      "\(calibrated) Is the loss the reason, or is one net only further on in its training? \(atBest(squared: squared, entropy: entropy))"
  }

  /// How sure the two are at the epoch at which each is best, and at the end.
  private static func atBest(squared: EndingCalibration, entropy: EndingCalibration) -> String {
    func said(_ excess: Summary) -> String {
      "\(fixed(abs(excess.mean), 1)) points too \(excess.mean < 0 ? "modest" : "sure")"
    }
    let last = entropy.epochs - 1
    let (best, other) = (entropy.excess[entropy.best], squared.excess[squared.best])
    let (gap, late) = (best - other, entropy.excess[last] - squared.excess[last])
    let isFurther = entropy.best < squared.best && late.mean > 2 * abs(gap.mean)
    let (more, right) = (
      entropy.sure[last] - entropy.sure[entropy.best], entropy.right[last] - entropy.right[entropy.best]
    )
    return """
      \(isFurther ? "**Mostly the second.** " : "")By $-\\ln p$, the loss on new digits, cross-entropy is best after \(counted(entropy.best + 1, "epoch")) and squared error after \
      \(squared.best + 1) (the points in the figure, chosen on the same digits). There \(best.mean * other.mean > 0 ? "both are too \(best.mean < 0 ? "modest" : "sure"), by \(fixed(abs(best.mean), 1)) and \(fixed(abs(other.mean), 1)) points" : "they are \(said(best)) and \(said(other))").\
      \(entropy.best < last ? " After its best epoch cross-entropy grows surer by \(fixed(more.mean, 1)) points, and right more often by only \(fixed(right.mean, 1))." : "")
      """
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
