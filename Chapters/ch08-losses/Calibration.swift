// Calibration: whether a net is right as often as it is sure, with plain labels and with smoothed ones.

import Foundation
import Workbook

/// How often a net is right among the answers of which it is about equally sure.
struct Reliability: Codable, Sendable {
  /// For each of ten intervals of the largest probability, 0 … 0.1 first: the answers, and those that are right.
  var counts = [Int](repeating: 0, count: 10)
  var right = [Int](repeating: 0, count: 10)
  /// The sum of the largest probabilities in each.
  var sums = [Double](repeating: 0, count: 10)
  /// The mean of −ln of the right class's probability; nil in older records.
  var logLoss: Double? = nil

  init() {}

  /// Sorts the answers by how sure the net was of them.
  init(_ answers: [(sure: Float, isRight: Bool)]) {
    for (sure, isRight) in answers {
      let interval = min(9, Int(10 * sure))
      counts[interval] += 1
      sums[interval] += Double(sure)
      if isRight { right[interval] += 1 }
    }
  }

  /// The expected calibration error: |sure − right| of each interval, by its answers.
  var error: Double {
    zip(sums, right).reduce(0) { $0 + abs($1.0 - Double($1.1)) } / Double(total)
  }

  init(_ answers: [(sure: Float, isRight: Bool)], logLoss: Double) {
    self.init(answers)
    // To five decimals: a record is not a place for rounding errors.
    self.logLoss = rounded(logLoss, decimals: 5)
  }

  private var total: Int { max(1, counts.reduce(0, +)) }
  /// What the calibration error would be by chance alone, about, of a net that is right exactly as often as it says:
  /// of n answers with mean p the share that is right has the mean distance √(2p(1 − p)/(πn)) from p.
  var floor: Double {
    zip(counts, sums).reduce(0) { result, interval in
      let (count, sum) = (Double(interval.0), interval.1)
      guard count > 0 else { return result }
      let p = min(1, sum / count)
      return result + (2 * p * (1 - p) * count / .pi).squareRoot() / Double(total)
    }
  }
  /// The mean of the largest probability, and the share of right answers.
  var confidence: Double { sums.reduce(0, +) / Double(total) }
  var accuracy: Double { Double(right.reduce(0, +)) / Double(total) }
}

/// Softmax with cross-entropy, trained until it knows its digits by heart, with plain labels and with smoothed ones.
///
/// - Source: Guo et al. 2017, arXiv:1706.04599; Müller, Kornblith and Hinton 2019, arXiv:1906.02629.
struct Calibration: Codable, Sendable {
  /// The share of each label that is spread over all classes.
  static let smoothings: [Float] = [0, 0.02, 0.05, 0.1]
  static var most: Float { smoothings[smoothings.count - 1] }

  var epochs: Int
  var rate: Float
  /// [smoothing][seed].
  var runs: [[Reliability]]
  /// For each seed the nets of plain labels, and those of the most smoothing, their logits divided by a temperature.
  var tempered: [Tempered]
  var smoothTempered: [Tempered]

  /// Takes what has been measured.
  init(epochs: Int, rate: Float, runs: [[Reliability]], tempered: [Tempered], smoothTempered: [Tempered]) {
    (self.epochs, self.rate, self.runs) = (epochs, rate, runs)
    (self.tempered, self.smoothTempered) = (tempered, smoothTempered)
  }

  init(_ digits: DigitSets, rate: Float, epochs: Int, seeds: [UInt64], report: () -> Void = {}) throws {
    let all = try Self.train(digits, rate: rate, epochs: epochs, seeds: seeds, report: report)
    self.init(
      epochs: epochs, rate: rate, runs: all.map { $0.map(\.reliability) }, tempered: all[0].map(\.tempered),
      smoothTempered: all[all.count - 1].map(\.tempered))
  }

  /// For each smoothing and seed how sure a net is of the test digits and how right, as it is and with a temperature.
  static func train(
    _ digits: DigitSets, rate: Float, epochs: Int, seeds: [UInt64], report: () -> Void = {}
  ) throws -> [[(reliability: Reliability, tempered: Tempered)]] {
    let all = try inParallel(smoothings.count * seeds.count) { index in
      report()
      let seed = seeds[index % seeds.count]
      let loss = SoftmaxCrossEntropy(labelSmoothing: smoothings[index / seeds.count])
      let model = try Model(Ending.softmaxEntropy.layers(hidden: 30), input: [1, 28, 28], seed: seed)
      var trainer = Trainer(
        model, loss: loss, optimizer: SGD(), schedule: ConstantRate(rate), batchSize: 20, seed: seed)
      try trainer.trainResumably(on: digits.train, epochs: epochs)
      let evaluation = evaluate(trainer.model, on: digits.test, loss: loss)
      let answers = zip(evaluation.confidences, evaluation.ranks).map { (sure: $0, isRight: $1 == 0) }
      return (
        reliability: Reliability(
          answers, logLoss: evaluate(trainer.model, on: digits.test, loss: SoftmaxCrossEntropy()).loss),
        tempered: Tempered(trainer.model, on: digits)
      )
    }
    return smoothings.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
  }

  /// In per cent, over the seeds: how sure, how right, and the expected calibration error.
  func confidence(_ index: Int) -> Summary { Summary(runs[index].map { 100 * $0.confidence }) }
  func accuracy(_ index: Int) -> Summary { Summary(runs[index].map { 100 * $0.accuracy }) }
  func error(_ index: Int) -> Summary { Self.error(runs[index]) }
  static func error(_ runs: [Reliability]) -> Summary { Summary(runs.map { 100 * $0.error }) }
  /// By how many points it is surer than right.
  func excess(_ index: Int) -> Summary { confidence(index) - accuracy(index) }
  /// The place of the most smoothing.
  var last: Int { runs.count - 1 }
  /// The temperature, how sure the nets of plain labels are with it, and their calibration error.
  var scaled: (temperature: Summary, confidence: Summary, error: Summary) {
    (
      Summary(tempered.map(\.temperature)), Summary(tempered.map { 100 * $0.reliability.confidence }),
      Self.error(tempered.map(\.reliability))
    )
  }

  /// The calibration error with each remedy, beside that which chance alone makes.
  var table: Table {
    func row(_ name: String, _ runs: [Reliability]) -> [TableCell] {
      let losses = runs.compactMap(\.logLoss)
      return [
        .text(name), .measured(Self.error(runs)), TableCell(Summary(runs.map { 100 * $0.floor }).mean),
        losses.isEmpty ? "–" : TableCell(Summary(losses).mean),
        .measured(Summary(runs.map { 100 - 100 * $0.accuracy })),
      ]
    }
    func temperature(_ nets: [Tempered]) -> String { fixed(Summary(nets.map(\.temperature)).mean, 2) }
    return Table(
      "Expected calibration error (points), mean loss and error (%) on \(grouped(runs[0].first.map { $0.counts.reduce(0, +) } ?? 0)) test digits. T: temperature. By chance: what a perfectly calibrated net would have",
      columns: [
        "net", .init("calibration error", digits: 1), .init("by chance", digits: 1), .init("−ln p", digits: 3),
        .init("test error", digits: 1),
      ],
      rows: [
        row("plain labels", runs[0]), row("plain labels, T = \(temperature(tempered))", tempered.map(\.reliability)),
      ]
        + zip(Self.smoothings, runs).dropFirst().map { row("label smoothing \($0)", $1) }
        + [
          row(
            "label smoothing \(Self.most), T = \(temperature(smoothTempered))", smoothTempered.map(\.reliability))
        ])
  }

  /// What the table says of the two remedies.
  var reading: String {
    let plain = error(0)
    let cure = (plain - scaled.error).worded(
      above: "**A temperature makes the net better calibrated, and changes no answer.** ",
      below: "A temperature makes it worse here. ", withinChance: "A temperature makes no difference beyond chance. ")
    let cured = Self.error(smoothTempered.map(\.reliability))
    let most = (plain - error(last)).worded(
      above: "Label smoothing of \(Self.most) helps, too.",
      below:
        "Label smoothing of \(Self.most) takes away too much of the confidence of this net, which was too sure by only \(fixed(excess(0).mean, 1)) points\((error(last) - cured).direction() == .above ? "; with a temperature of \(fixed(Summary(smoothTempered.map(\.temperature)).mean, 2)) its calibration error is small again" : "").",
      withinChance: "Label smoothing of \(Self.most) makes no difference beyond chance.")
    let rival = Summary(runs[last].map { 100 * $0.accuracy }) - accuracy(0)
    let fewer =
      rival.direction(among: runs.count - 1) == .above
      ? " It makes \(fixed(rival.mean, 1)) points fewer errors\(rival.intervalNote())." : ""
    return
      "\(cure)\(most)\(fewer)"
  }

  /// The intervals that hold at least a hundredth of the answers of all seeds: how sure and how right they are in per
  /// cent, and the 95 % interval of how right, over the seeds that have answers there; 0 below three.
  static func points(_ runs: [Reliability]) -> [(sure: Double, right: Double, chance: Double)] {
    let all = runs.flatMap(\.counts).reduce(0, +)
    return (0..<10).compactMap { interval in
      let count = runs.reduce(0) { $0 + $1.counts[interval] }
      guard count > 0, 100 * count >= all else { return nil }
      let shares = Summary(
        runs.filter { $0.counts[interval] > 0 }.map { 100 * Double($0.right[interval]) / Double($0.counts[interval]) })
      return (
        100 * runs.reduce(0) { $0 + $1.sums[interval] } / Double(count),
        shares.mean, shares.count < 3 ? 0 : shares.uncertainty
      )
    }
  }
}
