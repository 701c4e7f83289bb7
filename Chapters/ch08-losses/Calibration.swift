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

  // snippet: reliability
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
  // snippet.end

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
  static let smoothings: [Float] = [0, 0.1]

  var epochs: Int
  var rate: Float
  /// [smoothing][seed].
  var runs: [[Reliability]]
  /// The nets of plain labels once more, their logits divided by a temperature, for each seed.
  var tempered: [Tempered]?
  /// The same with the temperature of one half of the test digits used on the other, and the other way round; not in older
  /// records.
  var crossed: [Tempered]? = nil
  /// Less smoothing; not in older records.
  var gentler: [Smoothed]? = nil

  /// The shares that are spread besides.
  static let gentle: [Float] = [0.02, 0.05]

  /// Nets whose labels were smoothed.
  struct Smoothed: Codable, Sendable {
    var epsilon: Float
    /// For each seed.
    var runs: [Reliability]

    /// In per cent, over the seeds.
    var error: Summary { Summary(runs.map { 100 * $0.error }) }
  }

  /// The nets of plain labels with a temperature, fitted to digits of the kind that they are judged on where that was done.
  var rescaled: [Tempered]? { crossed ?? tempered }

  /// Takes what has been measured.
  init(epochs: Int, rate: Float, runs: [[Reliability]], tempered: [Tempered]? = nil) {
    (self.epochs, self.rate, self.runs, self.tempered) = (epochs, rate, runs, tempered)
  }

  init(_ digits: DigitSets, rate: Float, epochs: Int, seeds: [UInt64], report: () -> Void = {}) throws {
    let all = try Self.train(Self.smoothings, digits, rate: rate, epochs: epochs, seeds: seeds, report: report)
    self.init(
      epochs: epochs, rate: rate, runs: all.map { $0.map(\.reliability) }, tempered: all[0].map(\.tempered))
    crossed = all[0].map(\.crossed)
    gentler = try Self.gentler(digits, rate: rate, epochs: epochs, seeds: seeds, report: report)
  }

  /// Trains with less smoothing.
  static func gentler(
    _ digits: DigitSets, rate: Float, epochs: Int, seeds: [UInt64], report: () -> Void = {}
  ) throws -> [Smoothed] {
    let all = try train(gentle, digits, rate: rate, epochs: epochs, seeds: seeds, report: report)
    return zip(gentle, all).map { Smoothed(epsilon: $0, runs: $1.map(\.reliability)) }
  }

  /// For each smoothing and seed how sure a net is of the test digits and how right, as it is and with temperatures.
  static func train(
    _ smoothings: [Float], _ digits: DigitSets, rate: Float, epochs: Int, seeds: [UInt64], report: () -> Void = {}
  ) throws -> [[(reliability: Reliability, tempered: Tempered, crossed: Tempered)]] {
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
        tempered: Tempered(trainer.model, on: digits),
        crossed: Tempered(crossing: trainer.model, on: digits.test)
      )
    }
    return smoothings.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
  }

  /// In per cent, over the seeds: how sure, how right, and the expected calibration error.
  func confidence(_ index: Int) -> Summary { Summary(runs[index].map { 100 * $0.confidence }) }
  func accuracy(_ index: Int) -> Summary { Summary(runs[index].map { 100 * $0.accuracy }) }
  /// The share of answers in the last interval with plain labels, in per cent.
  var surest: Summary { Summary(runs[0].map { 100 * Double($0.counts[9]) / Double(max(1, $0.counts.reduce(0, +))) }) }
  func error(_ index: Int) -> Summary { Summary(runs[index].map { 100 * $0.error }) }
  /// What that error would be by chance alone of nets as sure as these and exactly as often right.
  func floor(_ index: Int) -> Summary { Summary(runs[index].map { 100 * $0.floor }) }
  /// The same of the nets whose logits are divided by a temperature, and that temperature; nil where that was not done.
  var scaled: (temperature: Summary, confidence: Summary, error: Summary, floor: Summary)? {
    rescaled.map { nets in
      (
        Summary(nets.map(\.temperature)), Summary(nets.map { 100 * $0.reliability.confidence }),
        Summary(nets.map { 100 * $0.reliability.error }), Summary(nets.map { 100 * $0.reliability.floor })
      )
    }
  }
  /// The calibration error with each remedy, beside that which chance alone makes.
  ///
  /// - Parameter stopped: the same net with plain labels, epoch by epoch, where it was watched.
  func table(stopped: EndingCalibration?) -> Table {
    func wrong(_ runs: [Reliability]) -> Summary { Summary(runs.map { 100 - 100 * $0.accuracy }) }
    func logLoss(_ runs: [Reliability]) -> Summary? {
      runs.contains { $0.logLoss == nil } ? nil : Summary(runs.compactMap(\.logLoss))
    }
    let plain = [("plain labels", error(0), floor(0) as Summary?, logLoss(runs[0]), wrong(runs[0]))]
    let early =
      stopped.flatMap { net -> [(String, Summary, Summary?, Summary?, Summary)]? in
        guard net.rate == rate, net.best + 1 < net.epochs else { return nil }
        return [
          (
            "plain labels, stopped after epoch \(net.best + 1)", net.error[net.best], nil, net.logLoss[net.best],
            Summary(net.right[net.best].values.map { 100 - $0 })
          )
        ]
      } ?? []
    let tempered =
      scaled.map {
        [
          (
            "plain labels, temperature \(fixed($0.temperature.mean, 2))", $0.error, $0.floor,
            logLoss((rescaled ?? []).map(\.reliability)), wrong(runs[0])
          )
        ]
      } ?? []
    let little = (gentler ?? []).map { smoothed in
      (
        "label smoothing \(smoothed.epsilon)", smoothed.error,
        Summary(smoothed.runs.map { 100 * $0.floor }) as Summary?,
        logLoss(smoothed.runs), wrong(smoothed.runs)
      )
    }
    let smooth = [
      ("label smoothing \(Self.smoothings[1])", error(1), floor(1) as Summary?, logLoss(runs[1]), wrong(runs[1]))
    ]
    return Table(
      "Expected calibration error on new digits (points), and test error (%)",
      columns: [
        "net", .init("calibration error", digits: 1), .init("by chance", digits: 1), .init("−ln p", digits: 3),
        .init("test error", digits: 1),
      ],
      rows: (plain + early + tempered + little + smooth).map {
        [
          .text($0.0), .measured($0.1), $0.2.map { TableCell($0.mean) } ?? "–",
          $0.3.map { TableCell($0.mean) } ?? "–", .measured($0.4),
        ]
      })
  }

  /// What the table says of the two remedies.
  var reading: String {
    let plain = error(0)
    let temperature = scaled.map {
      (plain - $0.error).worded(
        above: "**A temperature makes the net better calibrated, and changes no answer.** ",
        below: "A temperature makes it worse here. ", withinChance: "A temperature makes no difference beyond chance. ")
    }
    let most = (plain - error(1)).worded(
      above: "Label smoothing of \(Self.smoothings[1]) helps, too.",
      below:
        "Label smoothing of \(Self.smoothings[1]) harms the calibration: the net was too sure by only \(fixed(excess(0).mean, 1)) points, and smoothing takes away \(fixed((confidence(0) - confidence(1)).mean, 1)).",
      withinChance: "Label smoothing of \(Self.smoothings[1]) makes no difference beyond chance.")
    let little = gentler?.min { $0.error.mean < $1.error.mean }.map { best in
      (plain - best.error).worded(
        above: " A little of it, \(best.epsilon), helps.", below: " Less of it, \(best.epsilon), does harm as well.",
        withinChance: " Less of it, \(best.epsilon), makes no difference beyond chance.")
    }
    let others =
      error(1).mean > plain.mean ? " (Müller et al. 2019 found smoothing to help, on nets that were far too sure.)" : ""
    return (temperature ?? "") + most + (little ?? "") + others + gainOfSmoothing
  }

  /// What smoothing does to the test error, seed by seed, with intervals that are widened for the number of shares tried.
  private var gainOfSmoothing: String {
    let tried =
      (gentler ?? []).map { ($0.epsilon, Summary($0.runs.map { 100 * $0.accuracy }) - accuracy(0)) }
      + [(Self.smoothings[1], accuracy(1) - accuracy(0))]
    guard tried.allSatisfy({ $0.1.count >= 3 }) else { return "" }
    func interval(_ gain: Summary) -> String {
      let half = gain.uncertainty(among: tried.count)
      return
        "\(fixed(gain.mean, 1)) points (\(fixed(100 - 5 / Double(tried.count), 1)) %, for \(counted(tried.count, "comparison")): \(fixed(gain.mean - half, 1)) to \(fixed(gain.mean + half, 1)))"
        .replacingOccurrences(of: "-", with: "−")
    }
    func shares(_ gains: [(Float, Summary)]) -> String { gains.map { "\($0.0)" }.joined(separator: " and ") }
    let clear = tried.filter { $0.1.direction(among: tried.count) == .above }
    let open = tried.filter { $0.1.direction(among: tried.count) == .withinChance }
    guard let most = clear.max(by: { $0.1.mean < $1.1.mean }) else {
      let best = tried.max { $0.1.mean < $1.1.mean } ?? tried[0]
      return
        " Whether smoothing saves errors is open: with \(best.0), where it saves most, seed by seed \(interval(best.1))."
    }
    return
      " Seed by seed, smoothing of \(most.0) saves \(interval(most.1)) of test error\(open.isEmpty ? "" : "; with \(shares(open)) this may be chance")."
  }
  /// By how many points it is surer than right.
  func excess(_ index: Int) -> Summary { confidence(index) - accuracy(index) }

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
