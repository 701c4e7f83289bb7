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
    if let part = options.part {
      try addToRecord(
        on: digits.name, in: run,
        where: { $0.seeds == seeds && $0.data == digits.name && $0.trainingCount == digits.train.count }
      ) { findings, keep in
        try add(part, to: &findings, digits, kept, run, keeping: keep)
      }
      try run.endWithoutPage()
    }
    var findings = Findings(
      data: digits.name, trainingCount: digits.train.count, seeds: seeds,
      formula: FormulaFindings(coreDifference: differenceFromCore(seed: run.seed)),
      scalings: try pair.map { kind in
        try seeds.map { try WeightScaling(kind, factors: factors, on: digits, epochs: 2, seed: $0) }
      },
      pairs: BatchMoments(batchSize: 2, batches: run.pick(quick: 50, normal: 400, full: 4_000), seed: run.seed),
      sweeps: try measureSweeps(digits, kept, seeds, run), sizes: try measureSizes(digits, seeds, run),
      drift: try measureDrift(run.isFull ? three : seeds, run),
      overTime: try measureOverTime(digits, three, run))
    findings.keptBack = kept.count
    findings.modes = try ModeFindings(
      on: digits, rate: findings.sweeps.bestRates[1], seeds: Array(seeds.prefix(5)), epochs: 2)
    if run.isFull {
      for part in [.turning, .controls, .decay, .depth, .parts, .centred] as [NormOptions.Part] {
        try add(part, to: &findings, digits, kept, run)
      }
      while findings.noise?.isComplete != true { try add(.noise, to: &findings, digits, kept, run) }
    } else {
      findings.heart = try measureHeart(digits, kept, seeds, run)
      findings.shaken = try ShakenFindings(
        on: digits, choosingBy: kept.prefix(500),
        rates: run.pick(quick: [0.1, 0.2], normal: [0.05, 0.1, 0.2, 0.4], full: []),
        steps: run.pick(quick: 40, normal: 120, full: 0), interval: 20, seeds: seeds, run)
    }
    return findings
  }

  /// Measures one part.
  ///
  /// - Parameter keep: is called with all that is there, after each version.
  private static func add(
    _ part: NormOptions.Part, to findings: inout Findings, _ digits: Digits, _ kept: Dataset, _ run: ChapterRun,
    keeping keep: (Findings) throws -> Void = { _ in }
  ) throws {
    let (best, five) = (findings.sweeps.bestRates[1], Array(findings.seeds.prefix(5)))
    switch part {
    case .turning: findings.turning = try TurnFindings(on: digits, bestRate: best, seeds: five, epochs: 2, run)
    case .controls: findings.controls = try NormControls(on: digits, validation: kept, seeds: five, run)
    case .decay: findings.decay = try DecayFindings(on: digits, bestRate: best, seeds: five, epochs: 4, run)
    case .depth: findings.depth = try DepthFindings(on: digits, validation: kept, seeds: five, epochs: 2, run)
    case .noise:
      var noise = findings.noise ?? NoiseFindings(trainingCount: 1_000, epochs: 60)
      try noise.addNext(on: digits, validation: kept, seeds: Array(1...24), run)
      findings.noise = noise
    case .parts:
      var parts = findings.parts ?? PartsFindings()
      for version in PartsFindings.Version.allCases where parts.net(version) == nil {
        try parts.add(version, on: digits, validation: kept, seeds: Array(1...24), run)
        findings.parts = parts
        try keep(findings)
      }
      try parts.addMovements(on: digits, seeds: Array(1...24), run)
      findings.parts = parts
    case .centred:
      var centred = findings.centred ?? CentredFindings()
      while try centred.addNext(findings.sweeps.rates[0].settings, on: digits, validation: kept, run) {
        findings.centred = centred
        try keep(findings)
      }
    }
  }

  private static func measureSweeps(
    _ digits: Digits, _ kept: Dataset, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> SweepFindings {
    let rates = run.pick(
      quick: [0.01, 0.1, 1], normal: (0...9).map { 0.0125 * exp2(Double($0)) },
      full: (-4...12).map { 0.0125 * exp2(Double($0)) })
    func powersOfTwo(_ exponents: some Sequence<Int>) -> [Double] { exponents.map { exp2(Double($0)) } }
    let scales = run.pick(
      quick: powersOfTwo([-3, 0, 3]), normal: powersOfTwo(-3...3), full: [])
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
      scales: run.isFull
        ? nil
        : try pair.map { kind in
          try Sweep(scales, seeds: seeds) { scale, seed in
            ticker.tick()
            return try trained(
              perceptron(kind, scale: Float(scale)), on: digits, rate: 0.03, batchSize: 32, epochs: 2, seed: seed)
          }
        })
  }

  private static func measureSizes(_ digits: Digits, _ seeds: [UInt64], _ run: ChapterRun) throws -> SizeFindings {
    let kinds = SizeFindings.kinds
    let sizes = run.pick(quick: [2, 8, 32], normal: [2, 8, 32], full: [2, 4, 8, 16, 32])
    let part = Digits(
      train: digits.train.prefix(run.pick(quick: 200, normal: 800, full: 20_000)), test: digits.test,
      isReal: digits.isReal)
    let ticker = Ticker("training", total: kinds.count * sizes.count * seeds.count, run)
    defer { ticker.finish() }
    let epochs = SizeFindings.epochs(of: part.train.count)
    let sweeps = try batchSizeSweep(
      kinds, sizes: sizes, on: part, epochs: epochs, seeds: seeds
    ) { ticker.tick() }
    func batchNormed(afterDense: Bool, reestimating: Bool, _ sizes: [Int]) throws -> Sweep {
      try Sweep(sizes.map(Double.init), seeds: seeds) { size, seed in
        try trained(
          convolutionalNet(.batch, afterDense: afterDense), on: part, rate: Float(0.1 * size / 32),
          batchSize: Int(size), epochs: epochs, reestimating: reestimating, seed: seed)
      }
    }
    return SizeFindings(
      trainingCount: part.train.count, sweeps: kinds.compactMap { sweeps[$0] },
      convolutionsOnly: try batchNormed(afterDense: false, reestimating: false, sizes),
      reestimated: try batchNormed(afterDense: true, reestimating: true, [sizes[0]]))
  }

  private static func measureHeart(
    _ digits: Digits, _ kept: Dataset, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> HeartFindings {
    let few = Digits(
      train: digits.train.prefix(run.pick(quick: 100, normal: 300, full: 0)), test: digits.test,
      isReal: digits.isReal)
    let epochs = run.pick(quick: 10, normal: 30, full: 0)
    let rates = run.pick(
      quick: [0.1], normal: [0.03, 0.06, 0.12, 0.25, 0.5], full: [])
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
    let ticker = Ticker("training LeNet-5", total: pair.count * seeds.count, run)
    let all = try inParallel(pair.count * seeds.count) { place in
      ticker.tick()
      return try DriftRun(
        normalized: place / seeds.count == 1, on: digits, epochs: epochs, seed: seeds[place % seeds.count])
    }
    ticker.finish()
    let runs = pair.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
    return DriftFindings(
      data: digits.name, trainingCount: digits.train.count, epochs: epochs,
      traces: runs.map { $0.map { DriftTrace($0) } },
      folding: runs[1].map { Folding($0.model, on: digits.test) }, costs: runs.map { NetCost($0[0].model) })
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
}
