// The experiments of chapter 9 in their order.

import ArgumentParser
import Foundation
import Workbook

/// The options of chapter 9.
struct ConvolutionOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions

  @Option(
    help: """
      With --full: measure windows, rates, unpadded (three dense nets at one rate for both orders of the pixels, without the \
      empty border), choice (one more of three nets, with rates chosen seed by seed), moved (a convolution on digits that \
      do not stand in the middle), anywhere (one more net on digits that stand anywhere), wider (one more convolution with \
      more filters there), means (the mean of each map in place of the dense layer, on moved digits, then with padding), tuned (one more \
      exchanged part at a rate of its own), scale (what LRN multiplies by), scaled (one more part exchanged in a net with \
      a constant) or torch (one more net with PyTorch's first weights), that alone, and write the record with it.
      """)
  var part: Part?

  /// What can be measured alone; the help of the option says what each is.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case windows, rates, unpadded, choice, moved, anywhere, wider, means, tuned, scale, scaled, torch
  }

  func validate() throws {
    try shared.requireFull(for: "--part", part != nil)
  }
}

extension SlidingWindow {
  static func measure(_ run: ChapterRun, _ options: ConvolutionOptions) throws -> Findings {
    if let part = options.part {
      try measureAgain(part, options, run)
      try run.endWithoutPage()
    }
    let digits = try Digits.load(from: options.shared.data, count: run.pick(quick: 300, normal: 4_000, full: 20_000))
    let bench = Bench(
      train: digits.train, test: run.isQuick ? digits.test.prefix(200) : digits.test,
      epochs: run.pick(quick: 1, normal: 4, full: 6), seeds: run.seeds(quick: 1, normal: 5, full: 8))
    let ticker = Ticker("trainings", total: (4 + PartsExperiment.count) * bench.seeds.count, run)
    let locality = try LocalityExperiment(bench, afterEach: { ticker.tick() })
    let parts = try PartsExperiment(bench, plain: locality.convolutional, afterEach: { ticker.tick() })
    ticker.finish()
    let responseCount = min(500, bench.test.count)
    var findings = Findings(
      data: digits.name, trainingCount: bench.train.count, testCount: bench.test.count, epochs: bench.epochs,
      seeds: bench.seeds, digit: bench.test.prefix(1).pixels, locality: locality, parts: parts,
      responses: shiftResponses(on: bench.test, count: responseCount), responseCount: responseCount,
      reach: try measureReach(run), lenet: try shapeWalk(LeNet5.plain.layers, input: LeNet5.inputShape),
      alexNet: AlexNetFacts())
    // After all else, and with seeds of their own, so that nothing else depends on them.
    for part in run.isFull ? [.windows, .rates, .unpadded] : [ConvolutionOptions.Part.windows] {
      try measure(part, of: digits, run, into: &findings)
    }
    return findings
  }

  /// Measures one part alone, and writes the recorded findings with it.
  ///
  /// - Throws: `DataError` where there is no record of this data.
  private static func measureAgain(
    _ part: ConvolutionOptions.Part, _ options: ConvolutionOptions, _ run: ChapterRun
  ) throws {
    let count = [.anywhere, .wider].contains(part) ? AnywhereRace.pool + AnywhereRace.heldBack : 20_000
    let digits = try Digits.load(from: options.shared.data, count: count)
    try addToRecord(on: digits.name, in: run, where: { $0.data == digits.name }) { findings, _ in
      try measure(part, of: digits, run, into: &findings)
    }
  }

  /// The controls, on few digits.
  private static func measure(
    _ part: ConvolutionOptions.Part, of digits: Digits, _ run: ChapterRun, into findings: inout Findings
  ) throws {
    var bench = Bench(
      train: digits.train.prefix(run.pick(quick: 200, normal: 3_000, full: 5_000)),
      test: digits.test.prefix(run.pick(quick: 200, normal: 5_000, full: 10_000)), epochs: 0,
      seeds: run.seeds(quick: 1, normal: 5, full: 10))
    let validation = run.pick(quick: 100, normal: 1_000, full: 1_000)
    switch part {
    case .windows:
      bench.epochs = run.pick(quick: 1, normal: 6, full: 10)
      let rates = run.isFull ? SeparationExperiment.manyRates : SeparationExperiment.fewRates
      let ticker = Ticker(
        "windows", total: SeparationExperiment.trainings(seeds: bench.seeds.count, rates: rates), run)
      defer { ticker.finish() }
      findings.separation = try SeparationExperiment(
        bench, validation: validation, epochs: bench.epochs, rates: rates, afterEach: { ticker.tick() })
    case .choice:
      bench.epochs = run.pick(quick: 1, normal: 6, full: 10)
      var chosen = findings.separationBySeed ?? []
      guard chosen.count < SeparationExperiment.nets.count else { return }
      let rates = SeparationExperiment.manyRates
      let ticker = Ticker("choice", total: bench.seeds.count * rates.count, run)
      defer { ticker.finish() }
      chosen.append(
        try SeparationExperiment.chosenBySeed(
          chosen.count, bench, validation: validation, rates: rates, afterEach: { ticker.tick() }))
      findings.separationBySeed = chosen
    case .moved:
      guard let separation = findings.separation else { return }
      bench.epochs = separation.epochs
      bench.seeds = (1...MovedDigits.seedCount).map { $0 }
      bench.rate = separation.shared.orderedRate
      let ticker = Ticker("moved", total: bench.seeds.count, run)
      defer { ticker.finish() }
      findings.movedDigits = try MovedDigits(
        bench, validation: separation.validationCount, afterEach: { ticker.tick() })
    case .means:
      guard let moved = findings.movedDigits, let separation = findings.separation else { return }
      let isPadded = findings.pooledNet != nil
      (bench.epochs, bench.seeds) = (separation.epochs, moved.seeds)
      let ticker = Ticker(
        "means", total: PooledNet.allRates.count * PooledNet.choosing.count + moved.seeds.count, run)
      defer { ticker.finish() }
      let net = try PooledNet(
        bench, validation: separation.validationCount, shifts: moved.shifts, isPadded: isPadded,
        afterEach: { ticker.tick() })
      if isPadded { findings.paddedNet = net } else { findings.pooledNet = net }
    case .tuned, .scaled, .torch:
      bench.epochs = TunedPart.epochs
      try findings.addParts(part, bench, validation: validation, run)
    case .scale:
      guard let rate = findings.tunedParts?.first(where: { $0.name == "with LRN" })?.rate else { return }
      (bench.epochs, bench.rate, bench.seeds) = (TunedPart.epochs, rate, [bench.seeds[0]])
      bench.train = bench.train.prefix(bench.train.count - validation)
      findings.scaleControl = try ScaleControl(bench)
    case .anywhere: try findings.addAnywhere(digits, run)
    case .wider: try findings.addWider(digits, run)
    case .unpadded:
      (bench.train.transform.padding, bench.test.transform.padding) = (0, 0)
      let inputs = bench.train.sampleShape.count
      bench.epochs = run.pick(quick: 1, normal: 6, full: 6)
      let few = min(RateContest.choosing, bench.seeds.count)
      let rivals = [
        denseRival(inputs: inputs), deepDenseRival(inputs: inputs),
        denseRival(inputs: inputs, units: OwnRateRace.unitsOfEqualWork(inputs: inputs)),
      ]
      let known = findings.unpadded ?? []
      let total = 2 * (rivals.count - known.count) * (OwnRateRace.allRates.count * few + bench.seeds.count)
      let ticker = Ticker("dense nets", total: total, run)
      defer { ticker.finish() }
      let contest = RateContest(
        bench, validation: validation, rates: OwnRateRace.allRates, shuffle: 1, afterEach: { ticker.tick() })
      findings.unpadded =
        try known
        + rivals.dropFirst(known.count).map { try contest.outcomeAtOneRate(Trial(name: "dense", layers: $0)) }
    case .rates:
      bench.epochs = run.pick(quick: 1, normal: 6, full: 6)
      let ticker = Ticker(
        "own rates", total: 2 * RateContest.trainings(seeds: bench.seeds.count, rates: OwnRateRace.allRates), run)
      defer { ticker.finish() }
      findings.ownRates = try OwnRateRace(bench, validation: validation, afterEach: { ticker.tick() })
    }
  }

  private static func measureReach(_ run: ChapterRun) throws -> ReachFindings {
    let depths = run.pick(
      quick: [1, 2, 4, 10], normal: [1, 2, 3, 4, 6, 8, 10, 12], full: [1, 2, 3, 4, 6, 8, 10, 12, 16])
    let side = 2 * (depths.last ?? 1) + 9
    let seeds = (0..<UInt64(run.pick(quick: 4, normal: 100, full: 400))).map { run.seed &+ $0 }
    let bar = run.progress("footprints", total: depths.count)
    defer { bar.finish() }
    return ReachFindings(
      networks: seeds.count,
      footprints: try depths.enumerated().map { index, depth in
        run.stopIfInterrupted()
        bar.update(index)
        return try Footprint(depth: depth, side: side, seeds: seeds)
      })
  }
}
