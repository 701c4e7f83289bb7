// The experiments of chapter 5 in their order.

import Foundation
import Workbook

extension Norms {
  static func measure(_ run: ChapterRun, _ options: NormOptions) throws -> Findings {
    let sets = try DigitSets(
      from: options.shared.data, train: run.pick(quick: 400, normal: 2_000, full: 20_000),
      validation: run.pick(quick: 200, normal: 1_000, full: 2_000),
      test: run.pick(quick: 300, normal: 1_000, full: 10_000))
    let (digits, kept) = (Digits(train: sets.train, test: sets.test, isReal: sets.isReal), sets.validation)
    let seeds = run.seeds(quick: 1, normal: 5, full: 8)
    let three = Array(seeds.prefix(3))
    let batches = run.pick(quick: 50, normal: 400, full: 4_000)
    if options.turning || options.controls || options.part != nil {
      try addToRecord(
        on: digits.name, in: run,
        where: { $0.seeds == seeds && $0.data == digits.name && $0.trainingCount == digits.train.count }
      ) { findings, keep in
        if options.turning { try addLater(to: &findings, digits, run) }
        if options.controls { try addControls(to: &findings, digits, kept, run, keeping: keep) }
        if let part = options.part { try add(part, to: &findings, digits, kept, run) }
      }
      try run.endWithoutPage()
    }
    var findings = Findings(
      data: digits.name, trainingCount: digits.train.count, seeds: seeds,
      formula: measureFormula(seeds, seed: run.seed),
      scalings: try pair.map { kind in
        try seeds.map { try WeightScaling(kind, factors: factors, on: digits, epochs: 2, seed: $0) }
      },
      moments: [2, 4, 8, 16, 32].map { BatchMoments(batchSize: $0, batches: batches, seed: run.seed) },
      sweeps: try measureSweeps(digits, kept, seeds, run), sizes: try measureSizes(digits, seeds, run),
      heart: try measureHeart(digits, kept, seeds, run), drift: try measureDrift(run.isFull ? three : seeds, run),
      overTime: try measureOverTime(digits, three, run),
      dispute: try measureDispute(digits, kept.prefix(keptByProbes), seeds, run))
    findings.keptBack = kept.count
    try addLater(to: &findings, digits, run)
    if run.isFull {
      findings.controls = try NormControls(on: digits, validation: kept, seeds: Array(seeds.prefix(5)), run)
      // The other parts are in the measurements above.
      for part in [.decay, .heart, .depth, .starts, .five, .more, .halves, .places] as [NormOptions.Part] {
        try add(part, to: &findings, digits, kept, run)
      }
      while findings.noise?.isComplete != true { try add(.noise, to: &findings, digits, kept, run) }
    }
    return findings
  }

  /// Measures one part.
  private static func add(
    _ part: NormOptions.Part, to findings: inout Findings, _ digits: Digits, _ kept: Dataset, _ run: ChapterRun
  ) throws {
    switch part {
    case .decay:
      findings.decay = try DecayFindings(
        on: digits, bestRates: findings.sweeps.bestRates, seeds: Array(findings.seeds.prefix(5)), epochs: 4, run)
    case .kicks:
      guard let seeds = findings.controls?.seeds else { return }
      let cut = try NormControls.inPairs(
        .kicksCut, on: digits, validation: kept, seeds: Array(findings.seeds.prefix(seeds)))
      findings.controls?.inPairs.removeAll { $0.way == .kicksCut }
      findings.controls?.inPairs.append(cut)
    case .heart:
      findings.heartAgain = try HeartFindings(on: digits, validation: kept, seeds: Array(1...24), run)
    case .noise:
      var noise = findings.noise ?? NoiseFindings(trainingCount: 1_000, epochs: 60)
      try noise.addNext(on: digits, validation: kept, seeds: Array(1...24), run)
      findings.noise = noise
    case .depth:
      findings.depth = try DepthFindings(
        on: digits, validation: kept, seeds: Array(findings.seeds.prefix(5)), epochs: 2, run)
    case .starts:
      try findings.depth?.addDefaultStart(
        on: digits, validation: kept, seeds: Array(findings.seeds.prefix(5)), run)
    case .more:
      try findings.fiveLayers?.addSeeds(
        Array(9...24), on: digits, by: kept, sweeps: findings.sweeps, run)
    case .halves:
      findings.halves = try HalvesFindings(
        on: digits, validation: kept, bestRates: findings.sweeps.bestRates, seeds: Array(1...24), run)
    case .places:
      try findings.halves?.addPlaces(on: digits, validation: kept, seeds: Array(1...24), run)
    case .five:
      findings.fiveLayers = try DisputeFindings(
        fiveLayers: findings.sweeps, on: digits, by: kept, seeds: findings.seeds, run)
    case .dispute:
      try findings.addToDispute(on: digits, by: kept.prefix(keptByProbes), steps: 2_000, interval: 100, run)
    case .dense:
      findings.sizes.denseOnly = try denseOnly(
        on: Digits(train: digits.train.prefix(findings.sizes.trainingCount), test: digits.test, isReal: digits.isReal),
        size: findings.sizes.sizes[0], epochs: SizeFindings.epochs(of: findings.sizes.trainingCount),
        seeds: findings.seeds)
    }
  }

  /// What was measured after all the rest: nets tested in the wrong mode, and in a full run how far steps turn the weights.
  private static func addLater(to findings: inout Findings, _ digits: Digits, _ run: ChapterRun) throws {
    let best = findings.sweeps.bestRates
    findings.modes = try ModeFindings(on: digits, rate: best[1], seeds: Array(findings.seeds.prefix(5)), epochs: 2)
    if run.isFull {
      findings.turning = try TurnFindings(
        on: digits, bestRates: best, seeds: Array(findings.seeds.prefix(5)), epochs: 2, run)
    }
  }

  /// How many of the images kept back choose a rate where a net is looked at again and again.
  private static let keptByProbes = 500

  /// What the record lacks: the errors on images kept back, and the controls.
  ///
  /// - Parameter keep: is called with all that is there, after each part.
  private static func addControls(
    to findings: inout Findings, _ digits: Digits, _ kept: Dataset, _ run: ChapterRun,
    keeping keep: (Findings) throws -> Void
  ) throws {
    if findings.controls == nil {
      findings.controls = try NormControls(on: digits, validation: kept, seeds: Array(findings.seeds.prefix(5)), run)
      try keep(findings)
    }
    if findings.keptBack == nil {
      try findings.validateSweeps(on: digits, by: kept)
      try keep(findings)
    }
    if findings.dispute.validation == nil {
      try findings.validateDispute(on: digits, by: kept.prefix(keptByProbes), steps: 2_000, interval: 100)
      try keep(findings)
    }
  }

  /// The identities that follow from the formula.
  static func measureFormula(_ seeds: [UInt64], seed: UInt64) -> FormulaFindings {
    let subject = NormalizedDense(seed: seed)
    let scaled = factors.map { subject.scaled(by: Float($0)) }
    func spread(_ tensor: Tensor) -> Spread { Spread(tensor.elements.map(Double.init), in: -6...6) }
    return FormulaFindings(
      coreDifference: differenceFromCore(seed: seed), census: axisCensus(seed: seed),
      biasChange: Summary(seeds.map { NormalizedDense(seed: $0).changeByBias(seed: $0) }),
      restoration: Summary(seeds.map { NormalizedDense(seed: $0).restorationError() }),
      effects: seeds.map { scaleEffects(factors: factors, seed: $0) }, before: scaled.map { spread($0.sums) },
      after: scaled.map { spread($0.output) }, backward: subject.cancelledGradients())
  }

  private static func measureSweeps(
    _ digits: Digits, _ kept: Dataset, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> SweepFindings {
    let rates = run.pick(
      quick: [0.01, 0.1, 1], normal: (0...10).map { 0.0125 * exp2(Double($0)) },
      full: (-4...12).map { 0.0125 * exp2(Double($0)) })
    func powersOfTwo(_ exponents: some Sequence<Int>) -> [Double] { exponents.map { exp2(Double($0)) } }
    let scales = run.pick(
      quick: powersOfTwo([-4, 0, 4]), normal: powersOfTwo(-4...4), full: powersOfTwo(-6...6))
    let ticker = Ticker("training", total: 2 * seeds.count * (rates.count + scales.count), run)
    defer { ticker.finish() }
    return SweepFindings(
      rates: try pair.map { kind in
        try Sweep(rates, seeds: seeds) { rate, seed in
          ticker.tick()
          return try trained(
            perceptron(kind), on: digits, choosingBy: kept, rate: Float(rate), batchSize: 32, epochs: 2, seed: seed)
        }
      },
      scales: try pair.map { kind in
        try Sweep(scales, seeds: seeds) { scale, seed in
          ticker.tick()
          return try trained(
            perceptron(kind, scale: Float(scale)), on: digits, rate: 0.03, batchSize: 32, epochs: 2, seed: seed)
        }
      })
  }

  private static func measureSizes(_ digits: Digits, _ seeds: [UInt64], _ run: ChapterRun) throws -> SizeFindings {
    let kinds = Normalization.allCases
    let sizes = run.pick(quick: [2, 8, 32], normal: [2, 4, 8, 16, 32], full: [2, 4, 8, 16, 32])
    let part = Digits(
      train: digits.train.prefix(run.pick(quick: 200, normal: 800, full: 20_000)), test: digits.test,
      isReal: digits.isReal)
    let ticker = Ticker("training", total: kinds.count * sizes.count * seeds.count, run)
    defer { ticker.finish() }
    let epochs = SizeFindings.epochs(of: part.train.count)
    let sweeps = try batchSizeSweep(
      kinds, sizes: sizes, on: part, epochs: epochs, seeds: seeds
    ) { ticker.tick() }
    func batchNormed(afterDense: Bool, reestimating: Bool) throws -> Sweep {
      try Sweep(sizes.map(Double.init), seeds: seeds) { size, seed in
        try trained(
          convolutionalNet(.batch, afterDense: afterDense), on: part, rate: Float(0.1 * size / 32),
          batchSize: Int(size), epochs: epochs, reestimating: reestimating, seed: seed)
      }
    }
    return SizeFindings(
      trainingCount: part.train.count, sweeps: kinds.compactMap { sweeps[$0] },
      convolutionsOnly: try batchNormed(afterDense: false, reestimating: false),
      reestimated: try batchNormed(afterDense: true, reestimating: true),
      denseOnly: try denseOnly(on: part, size: sizes[0], epochs: epochs, seeds: seeds))
  }

  /// Batch norm after the dense layer alone, at one batch size.
  private static func denseOnly(on part: Digits, size: Int, epochs: Int, seeds: [UInt64]) throws -> Sweep {
    try Sweep([Double(size)], seeds: seeds) { size, seed in
      try trained(
        convolutionalNet(.batch, afterConvolutions: false), on: part, rate: Float(0.1 * size / 32),
        batchSize: Int(size), epochs: epochs, seed: seed)
    }
  }

  private static func measureHeart(
    _ digits: Digits, _ kept: Dataset, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> HeartFindings {
    let few = Digits(
      train: digits.train.prefix(run.pick(quick: 100, normal: 300, full: 1_000)), test: digits.test,
      isReal: digits.isReal)
    let epochs = run.pick(quick: 10, normal: 30, full: 60)
    let rates = run.pick(
      quick: [0.1], normal: [0.03, 0.06, 0.12, 0.25, 0.5], full: [0.015, 0.03, 0.06, 0.12, 0.25, 0.5, 1])
    let sweeps = try pair.map { kind in
      try Sweep(rates, seeds: seeds) { rate, seed in
        run.stopIfInterrupted()
        return try trained(
          perceptron(kind), on: few, choosingBy: kept, rate: Float(rate), batchSize: 32, epochs: epochs, seed: seed)
      }
    }
    return HeartFindings(
      trainingCount: few.train.count, epochs: epochs, rateCount: rates.count,
      results: sweeps.map { $0.results[$0.best] },
      bestRates: sweeps.map { $0.settings[$0.best] }, isValidated: true)
  }

  private static func measureDrift(_ seeds: [UInt64], _ run: ChapterRun) throws -> DriftFindings {
    let digits = try Digits.load(
      from: run.options.data, count: run.pick(quick: 600, normal: 3_000, full: 60_000), testCount: 1_000)
    let epochs = run.pick(quick: 2, normal: 5, full: 30)
    let shownEpochs = run.pick(quick: [0, 1, 2], normal: [0, 1, 2, 3, 5], full: [0, 1, 5, 15, 30])
    // Without and with a norm from He's start; without one from S0's.
    let plans: [(normalized: Bool, start: Initializer)] = [
      (false, .heNormal), (true, .heNormal), (false, .torchUniform),
    ]
    let ticker = Ticker("training LeNet-5", total: plans.count * seeds.count, run)
    let all = try inParallel(plans.count * seeds.count) { place in
      ticker.tick()
      let plan = plans[place / seeds.count]
      return try DriftRun(
        normalized: plan.normalized, from: plan.start, on: digits, epochs: epochs, seed: seeds[place % seeds.count])
    }
    ticker.finish()
    let runs = plans.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
    return DriftFindings(
      data: digits.name, trainingCount: digits.train.count, epochs: epochs,
      traces: runs.prefix(2).map { $0.map { DriftTrace($0) } }, fromSmallWeights: runs[2].map { DriftTrace($0) },
      layers: runs[0][0].layers, shownEpochs: shownEpochs,
      shown: runs.prefix(2).map { runs in shownEpochs.map { runs[0].inputs[$0] } },
      folding: runs[1].map { Folding($0.model, on: digits.test) }, costs: runs.prefix(2).map { NetCost($0[0].model) })
  }

  private static func measureOverTime(
    _ digits: Digits, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> [MomentStatistics] {
    let part = Digits(
      train: digits.train.prefix(run.pick(quick: 200, normal: 1_000, full: 10_000)), test: digits.test,
      isReal: digits.isReal)
    return try seeds.map { seed in
      run.stopIfInterrupted()
      return try MomentStatistics(
        on: part, epochs: run.pick(quick: 1, normal: 5, full: 10), sample: 200, seed: seed)
    }
  }

  private static func measureDispute(
    _ digits: Digits, _ kept: Dataset, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> DisputeFindings {
    let (steps, interval) = run.pick(quick: (40, 20), normal: (120, 20), full: (2_000, 100))
    let rates = run.pick(
      quick: [0.1, 0.2], normal: [0.025, 0.05, 0.1, 0.2, 0.4, 0.8], full: [0.0125, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8])
    let variants = StabilityVariant.experiment
    let ticker = Ticker("training", total: ((variants.count + 1) * rates.count + 3) * seeds.count, run)
    defer { ticker.finish() }
    /// [rate][seed].
    func runs(_ variant: StabilityVariant, _ rates: [Double], isProbing: Bool) throws -> [[StabilityRun]] {
      let all = try inParallel(rates.count * seeds.count) { place in
        ticker.tick()
        return try StabilityRun(
          variant, on: digits, steps: steps, interval: interval, rate: Float(rates[place / seeds.count]),
          isProbing: isProbing, choosingBy: isProbing ? nil : kept, seed: seeds[place % seeds.count])
      }
      return rates.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
    }
    let all = try variants.map { try runs($0, rates, isProbing: false) }
    var found = DisputeFindings(
      rates: rates, errors: all.map { $0.map { runs in Summary(runs.map { Summary($0.errors).mean }) } },
      movements: [], probed: [],
      validation: all.map { $0.map { runs in Summary(runs.compactMap(\.validation)) } })
    found.movements = zip(all, found.best).map { runs, best in Summary(runs[best].map { Summary($0.drifts).mean }) }
    found.probed = try variants.prefix(2).map {
      try runs($0, [rates[found.best[0]]], isProbing: true)[0]
    }
    // What is in no recorded run: batch norm at its own best rate, the control.
    found.probedAtOwn = try runs(.normalized, [rates[found.best[1]]], isProbing: true)[0]
    let alone = try runs(.noiseAlone, rates, isProbing: false)
    found.noiseAlone = alone.map { runs in Summary(runs.map { Summary($0.errors).mean }) }
    found.validationAlone = alone.map { runs in Summary(runs.compactMap(\.validation)) }
    return found
  }
}

extension HeartFindings {
  /// Few images, many epochs, more seeds: rates chosen with four of them on images kept back.
  init(on digits: Digits, validation: Dataset, seeds: [UInt64], _ run: ChapterRun) throws {
    let few = Digits(train: digits.train.prefix(1_000), test: digits.test, isReal: digits.isReal)
    let (rates, epochs, choosing) = ([0.03, 0.06, 0.12, 0.25, 0.5], 60, 4)
    let ticker = Ticker("by heart", total: 2 * (rates.count * choosing + seeds.count - choosing), run)
    defer { ticker.finish() }
    let nets = try Norms.pair.map { kind -> (rate: Double, results: [Result]) in
      func results(_ rates: [Double], _ seeds: [UInt64]) throws -> Sweep {
        try Sweep(rates, seeds: seeds) { rate, seed in
          ticker.tick()
          return try trained(
            perceptron(kind), on: few, choosingBy: validation, rate: Float(rate), batchSize: 32, epochs: epochs,
            seed: seed)
        }
      }
      let sweep = try results(rates, Array(seeds.prefix(choosing)))
      let rest = try results([rates[sweep.best]], Array(seeds.dropFirst(choosing)))
      return (rates[sweep.best], sweep.results[sweep.best] + rest.results[0])
    }
    self.init(
      trainingCount: few.train.count, epochs: epochs, rateCount: rates.count, results: nets.map(\.results),
      bestRates: nets.map(\.rate), isValidated: true)
  }
}
