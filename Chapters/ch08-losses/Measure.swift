// The experiments of chapter 8 in their order.

import Workbook

extension Losses {
  static func measure(_ run: ChapterRun, _ options: LossesOptions) throws -> Findings {
    let seeds = run.seeds(quick: 1, normal: 5, full: 8)
    let digits = try DigitSets(
      from: options.shared.data, train: run.pick(quick: 1000, normal: 3000, full: 10_000),
      validation: run.pick(quick: 500, normal: 1000, full: 5000), test: run.pick(quick: 500, normal: 1000, full: 5000)
    )
    if let part = options.part {
      try measureAgain(part, digits, seeds, run)
      try run.endWithoutPage()
    }
    return Findings(
      data: digits.name, trainingCount: digits.train.count, validationCount: digits.validation.count,
      seeds: seeds.count, neuron: measureNeuron(rate: 0.15), softmax: measureSoftmax(seed: run.seed),
      nets: try measureNets(digits, seeds, run), outliers: measureOutliers(run))
  }

  /// Measures one part alone, and writes the recorded findings with it.
  ///
  /// - Throws: `DataError` where there is no record, or one of another size.
  private static func measureAgain(
    _ part: LossesOptions.Part, _ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun
  ) throws {
    try addToRecord(
      on: digits.name, in: run,
      where: { $0.seeds == seeds.count && $0.data == digits.name && $0.trainingCount == digits.train.count }
    ) { findings, _ in
      switch part {
      case .race: findings.nets.race = try measureRace(digits, run)
      case .rare: findings.nets.rare = try measureRareClass(digits, run)
      case .calibration:
        let (rate, epochs) = (findings.nets.calibration.rate, findings.nets.calibration.epochs)
        findings.nets.calibration = try Calibration(digits, rate: rate, epochs: epochs, seeds: seeds)
      case .outliers: findings.outliers = measureOutliers(run)
      case .starts: try findings.nets.race?.addStarts(digits, seeds: manySeeds(run))
      case .shifts: try findings.nets.rare?.addShifts(digits, seeds: manySeeds(run))
      }
    }
  }

  /// More seeds than elsewhere, since small factors are to be told apart.
  private static func manySeeds(_ run: ChapterRun) -> [UInt64] { (0..<UInt64(TunedRace.seeds)).map { run.seed &+ $0 } }

  private static func measureRace(_ digits: DigitSets, _ run: ChapterRun) throws -> TunedRace {
    let ticker = Ticker("race at own rates", total: TunedRace.laneCount, run)
    defer { ticker.finish() }
    return try TunedRace(digits, seeds: manySeeds(run)) { ticker.tick() }
  }

  private static func measureRareClass(_ digits: DigitSets, _ run: ChapterRun) throws -> RareClass {
    let seeds = manySeeds(run)
    let ticker = Ticker("a rare class", total: 3 * RareClass.rates.count * seeds.count, run)
    defer { ticker.finish() }
    return try RareClass(digits, seeds: seeds) { ticker.tick() }
  }

  /// Many sets in a full run, since the price of absolute error is small.
  private static func measureOutliers(_ run: ChapterRun) -> OutlierFindings {
    OutlierFindings(seeds: run.isFull ? 200 : 20, from: run.seed)
  }

  /// One neuron.
  static func measureNeuron(rate: Double) -> NeuronFindings {
    let races = (NeuronFindings.starts + [-2]).map { start in
      NeuronFindings.Race(
        start: start,
        steps: Rule.allCases.map {
          stepsToLearn($0, from: start, target: start < 0 ? 1 : 0, rate: rate, limit: NeuronFindings.limit)
        })
    }
    return NeuronFindings(
      rate: rate, stubborn: learn(.squaredError, from: 2, target: 0, rate: rate), peak: peak(of: .squaredError),
      races: races, squaredCheck: gradientCheck(.squaredError),
      publishedCheck: gradientCheck(.published, against: .squaredError), hiddenCheck: gradientCheck(.published))
  }

  /// The softmax.
  static func measureSoftmax(seed: UInt64) -> SoftmaxFindings {
    SoftmaxFindings(
      gradientErrors: Summary((0..<3).map { softmaxGradientError(seed: seed &+ UInt64($0)) }), range: exponentRange(),
      shifted: [0, 50, 86, 100, -100, -105, -110].map { ShiftedScores(shift: $0) })
  }

  /// The networks: raced, after one epoch, and judged by their probabilities.
  private static func measureNets(_ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun) throws -> NetFindings {
    let epochs = run.pick(quick: 2, normal: 6, full: 8)
    let common: Float = 0.02
    let (same, sweep, own) = try Races.run(digits, common: common, epochs: epochs, seeds: seeds, run)
    let ticker = Ticker("calibration", total: Calibration.smoothings.count * seeds.count, run)
    let calibration = try Calibration(
      digits, rate: own[3].rate, epochs: run.pick(quick: 4, normal: 20, full: 20), seeds: seeds
    ) { ticker.tick() }
    ticker.finish()
    let young = try inParallel(seeds.count) { index in
      try trainNet(.softmaxEntropy, on: digits, rate: common, epochs: 1, every: .max, seed: seeds[index])
    }
    func sprints() throws -> Sprints {
      let ticker = Ticker("sprints", total: Ending.allCases.count * sweep.rates.count * seeds.count, run)
      defer { ticker.finish() }
      return try Sprints(digits, rates: sweep.rates, seeds: seeds) { ticker.tick() }
    }
    let leNet = try Model(LeNet5.plus.layers, input: LeNet5.inputShape, seed: 1)
    return NetFindings(
      weights: try Model(Ending.softmaxEntropy.layers(hidden: 30), input: [1, 28, 28], seed: 1).parameterCount,
      epochs: epochs, common: common, same: same, sweep: sweep, own: own,
      young: NetRuns(.softmaxEntropy, rate: common, interval: 0, runs: young), calibration: calibration,
      multiplyAdds: leNet.multiplyAdds(for: LeNet5.inputShape), sprints: run.isFull ? nil : try sprints(),
      race: run.isFull ? try measureRace(digits, run) : nil, rare: run.isFull ? try measureRareClass(digits, run) : nil)
  }
}
