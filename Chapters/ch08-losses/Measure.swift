// The experiments of chapter 8 in their order.

import Workbook

extension Losses {
  static func measure(_ run: ChapterRun, _ options: LossesOptions) throws -> Findings {
    let seeds = run.seeds(quick: 1, normal: 5, full: 8)
    let digits = try DigitSets(
      from: options.shared.data, train: run.pick(quick: 1000, normal: 3000, full: 10_000),
      validation: run.pick(quick: 500, normal: 1000, full: 5000), test: run.pick(quick: 500, normal: 1000, full: 5000)
    )
    if options.controls {
      try measureControls(digits, seeds, run)
      try run.endWithoutPage()
    }
    if let part = options.part {
      try measureAgain(part, digits, seeds, run)
      try run.endWithoutPage()
    }
    return Findings(
      data: digits.name, trainingCount: digits.train.count, validationCount: digits.validation.count,
      seeds: seeds.count, neuron: measureNeuron(rate: 0.15), softmax: measureSoftmax(seed: run.seed),
      nets: try measureNets(digits, seeds, run), outliers: OutlierFindings(from: run.seed))
  }

  /// Measures temperatures fitted to the test digits' own halves, and less smoothing, those alone, and writes the recorded
  /// findings with them.
  ///
  /// - Throws: `DataError` where there is no record, or one of another size, or one that this program does not repeat.
  private static func measureControls(_ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun) throws {
    try addToRecord(
      on: digits.name, in: run,
      where: { $0.seeds == seeds.count && $0.data == digits.name && $0.trainingCount == digits.train.count }
    ) { findings, _ in
      let (rate, epochs) = (findings.nets.calibration.rate, findings.nets.calibration.epochs)
      let ticker = Ticker("calibration", total: (1 + Calibration.gentle.count) * seeds.count, run)
      let plain = try Calibration.train([0], digits, rate: rate, epochs: epochs, seeds: seeds) { ticker.tick() }[0]
      guard plain.map(\.reliability.right) == findings.nets.calibration.runs[0].map(\.right) else {
        throw noRecord(on: digits.name, in: run, found: "nets that answer otherwise")
      }
      findings.nets.calibration.crossed = plain.map(\.crossed)
      findings.nets.calibration.gentler = try Calibration.gentler(digits, rate: rate, epochs: epochs, seeds: seeds) {
        ticker.tick()
      }
      ticker.finish()
    }
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
      case .paces:
        findings.nets.paces = try measurePaces(digits, seeds, run)
        findings.nets.bare = try BareOutputs(
          digits, rates: BareOutputs.rates, common: findings.nets.common, epochs: findings.nets.epochs, seeds: seeds)
      case .adam: findings.nets.adam = try measureAdam(digits, seeds, run)
      case .endings: findings.nets.endings = try measureEndings(findings.nets, digits, seeds, run)
      case .own: try measureAtOwnRates(&findings.nets, digits, seeds, run)
      case .starts: findings.nets.starts = try measureStarts(digits, seeds, run)
      case .doubled: findings.nets.doubled = try measureDoubled(findings.nets, digits, seeds, run)
      case .outliers: findings.outliers = OutlierFindings(from: run.seed)
      }
    }
  }

  /// All that hangs on the rates that the sweep chooses.
  private static func measureAtOwnRates(
    _ nets: inout NetFindings, _ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun
  ) throws {
    nets.own = try Races.own(nets.sweep, on: digits, epochs: nets.epochs, seeds: seeds)
    nets.stuck = try Races.biases(
      digits, nets.stuck.biases, rates: nets.own.map(\.rate), epochs: nets.stuck.epochs, seeds: seeds, run)
    if let bare = nets.bare {
      nets.bare?.own = try BareOutputs.race(bare.sweep.best(0), on: digits, epochs: nets.epochs, seeds: seeds)
    }
    let calibration = nets.calibration
    nets.calibration = try Calibration(digits, rate: nets.own[4].rate, epochs: calibration.epochs, seeds: seeds)
    nets.endings = try measureEndings(nets, digits, seeds, run)
  }

  private static func measureStarts(_ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun) throws -> WrongStarts {
    let count = WrongStarts.endings.count * WrongStarts.biases.count * WrongStarts.rates.count
    let ticker = Ticker("wrong starts", total: count * seeds.count, run)
    defer { ticker.finish() }
    return try WrongStarts(digits, seeds: seeds) { ticker.tick($0) }
  }

  private static func measureDoubled(
    _ nets: NetFindings, _ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> DoubledSoftmax {
    let ticker = Ticker("two softmaxes", total: nets.sweep.rates.count * seeds.count, run)
    defer { ticker.finish() }
    return try DoubledSoftmax(digits, rates: nets.sweep.rates, epochs: nets.epochs, seeds: seeds) { ticker.tick() }
  }

  private static func measurePaces(_ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun) throws -> Sprints {
    let rates: [Float] = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.5, 1, 2]
    let ticker = Ticker("paces", total: Ending.judged.count * rates.count * seeds.count, run)
    defer { ticker.finish() }
    return try Sprints(digits, endings: Ending.judged, rates: rates, rounds: 7, seeds: seeds) { ticker.tick() }
  }

  private static func measureAdam(_ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun) throws -> Sprints {
    let rates: [Float] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02]
    let ticker = Ticker("adam", total: Ending.allCases.count * rates.count * seeds.count, run)
    defer { ticker.finish() }
    return try Sprints(digits, rates: rates, rounds: 7, optimizer: Adam(), seeds: seeds) { ticker.tick() }
  }

  /// Each ending at its chosen rate, as long as the softmax of the calibration.
  private static func measureEndings(
    _ nets: NetFindings, _ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> [EndingCalibration] {
    let chosen = nets.own + (nets.bare.map { [$0.own] } ?? [])
    let ticker = Ticker("endings", total: chosen.count * seeds.count, run)
    defer { ticker.finish() }
    return try EndingCalibration.all(
      chosen.map(\.ending), rates: chosen.map(\.rate), on: digits, epochs: nets.calibration.epochs, seeds: seeds
    ) { ticker.tick() }
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

  /// The networks: early in training, raced, from bad starts, and after one epoch.
  private static func measureNets(_ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun) throws -> NetFindings {
    let epochs = run.pick(quick: 2, normal: 6, full: 8)
    let common: Float = 0.02
    let early = try earlyOutput(on: digits, rate: 0.1, steps: 20, seed: seeds[0])
    let (same, sweep, own) = try Races.run(digits, common: common, epochs: epochs, seeds: seeds, run)
    let stuck = try Races.biases(
      digits, [-6, -4, -2, 0, 2, 4, 6], rates: own.map(\.rate), epochs: 2, seeds: seeds, run)
    let ticker = Ticker(
      "calibration", total: (Calibration.smoothings.count + Calibration.gentle.count) * seeds.count, run)
    let calibration = try Calibration(
      digits, rate: own[4].rate, epochs: run.pick(quick: 4, normal: 20, full: 20), seeds: seeds
    ) { ticker.tick() }
    ticker.finish()
    let endings: [Ending] = [.sigmoidSquared, .softmaxEntropy]
    let young = try endings.map { ending in
      try inParallel(seeds.count) { index in
        try trainNet(ending, on: digits, rate: common, epochs: 1, every: .max, seed: seeds[index])
      }
    }
    let sprinting = Ticker("sprints", total: Ending.allCases.count * sweep.rates.count * seeds.count, run)
    let sprints = try Sprints(digits, rates: sweep.rates, seeds: seeds) { sprinting.tick() }
    sprinting.finish()
    let bare = try BareOutputs(
      digits, rates: run.isFull ? BareOutputs.rates : sweep.rates, common: common, epochs: epochs, seeds: seeds)
    let leNet = try Model(LeNet5.plus.layers, input: LeNet5.inputShape, seed: 1)
    var nets = NetFindings(
      weights: try Model(Ending.softmaxEntropy.layers(hidden: 30), input: [1, 28, 28], seed: 1).parameterCount,
      epochs: epochs, common: common, early: early, same: same, sweep: sweep, own: own, stuck: stuck,
      young: zip(endings, young).map { NetRuns($0, rate: common, interval: 0, runs: $1) },
      calibration: calibration, nearMiss: NearMiss(young[1][0], in: digits.test),
      multiplyAdds: leNet.multiplyAdds(for: LeNet5.inputShape), sprints: sprints,
      bare: bare)
    if run.isFull {
      nets.paces = try measurePaces(digits, seeds, run)
      nets.adam = try measureAdam(digits, seeds, run)
      nets.endings = try measureEndings(nets, digits, seeds, run)
      nets.starts = try measureStarts(digits, seeds, run)
      nets.doubled = try measureDoubled(nets, digits, seeds, run)
    }
    return nets
  }
}
