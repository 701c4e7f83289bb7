// The experiments of chapter 1 in their order.

import Foundation
import Workbook

extension GradientDescent {
  static func measure(_ run: ChapterRun, _ options: GradientOptions) throws -> Findings {
    let digits = try Digits.load(from: options.shared.data, count: 500)
    let seeds = run.seeds(quick: 3, normal: 5, full: 12)
    let hidden = 32
    if let part = options.part {
      try addToRecord(on: digits.name, in: run, where: { $0.seeds == seeds && $0.data == digits.name }) { findings, _ in
        try add(part, to: &findings, hidden: hidden, data: options.shared.data, run)
      }
      try run.endWithoutPage()
    }
    let sweepSteps = run.pick(quick: 150, normal: 500, full: 2000)
    let slopeErrors = (-4...4).map { w in
      let neuron = Neuron.example(w: Double(w))
      return abs(neuron.dw - neuron.measuredSlope())
    }
    return Findings(
      data: digits.name, seeds: seeds, slopeError: slopeErrors.max() ?? 1,
      differences: DifferenceFindings(
        DifferenceExperiment(seeds: seeds, perDecade: run.pick(quick: 2, normal: 4, full: 8)), seeds: seeds),
      bowl: measureBowl(seeds), spirals: try measureSpirals(hidden: hidden, seeds, run),
      sweep: try RateSweep(
        rates: (0..<run.pick(quick: 6, normal: 11, full: 16)).map {
          0.001 * pow(10, Double($0) * run.pick(quick: 0.9, normal: 0.45, full: 0.3))
        },
        steps: sweepSteps, hidden: hidden, seeds: seeds),
      sweepSteps: sweepSteps,
      race: race(Bowl(condition: 100), seeds: seeds).map { RaceFindings($0) },
      conditions: ConditionExperiment(
        conditions: run.pick(
          quick: [10, 100], normal: [10, 30, 100, 300, 1000], full: [10, 30, 100, 300, 1000, 3000]),
        seeds: seeds),
      checks: try measureChecks(digits, seeds, run),
      firstCurvatures: try firstCurvatures(hidden: hidden, seeds: seeds),
      optimizers: try measureOptimizers(hidden: hidden, run))
  }

  /// Measures one part that is not in every run.
  private static func add(
    _ part: GradientOptions.Part, to findings: inout Findings, hidden: Int, data: String?, _ run: ChapterRun
  ) throws {
    let seeds = findings.seeds
    func trials(_ count: Int) -> [UInt64] { (0..<UInt64(count)).map { run.seed &+ 1000 &+ $0 } }
    switch part {
    case .optimizers: findings.optimizers = try measureOptimizers(hidden: hidden, run)
    case .curvatures: findings.curvatures = try CurvatureCourse(hidden: hidden, seeds: seeds)
    case .mistakes: findings.differences.countMistakes(seeds)
    case .falling: findings.falling = try measureOptimizers(hidden: hidden, run, falls: true)
    case .long, .batches:
      let all = try Digits.load(from: data, count: LongRun.count + LongRun.keptCount)
      let digits = all.train.prefix(LongRun.count)
      let kept = all.train.samples(at: LongRun.count..<LongRun.count + LongRun.keptCount)
      if part == .long {
        findings.longRun = try LongRun(on: digits, kept: kept, seeds: trials(5))
      } else {
        findings.digitBatches = try DigitBatches(
          on: digits, kept: kept, test: all.test, seeds: Array(seeds.prefix(10)), trials: trials(3))
      }
    case .rates:
      let all = try Digits.load(from: data, count: MethodRates.count + MethodRates.keptCount)
      findings.methodRates = try MethodRates(
        on: all.train.prefix(MethodRates.count),
        kept: all.train.samples(at: MethodRates.count..<MethodRates.count + MethodRates.keptCount),
        test: all.test.prefix(MethodRates.testCount), seeds: Array(seeds.prefix(10)), trials: trials(3))
    case .additions:
      findings.additions = AdditionFindings(
        falling: FallingRate(
          batch: 4, epochs: FallingRate.epochs, seeds: (0..<40).map { run.seed &+ $0 }, trials: trials(40)),
        plain: try measureSpirals(hidden: hidden, seeds, run, momentum: 0, rate: AdditionFindings.plainRate).brief)
    }
  }

  private static func measureOptimizers(hidden: Int, _ run: ChapterRun, falls: Bool = false) throws -> OptimizerFindings
  {
    try OptimizerFindings(
      hidden: hidden, steps: run.pick(quick: 100, normal: 500, full: 500),
      rates: run.isQuick ? [0.016] : falls ? OptimizerFindings.fallingRates : OptimizerFindings.rates, falls: falls,
      trials: (0..<UInt64(run.pick(quick: 1, normal: 5, full: 20))).map { run.seed &+ 1000 &+ $0 },
      seeds: run.seeds(quick: 3, normal: 10, full: 40))
  }

  /// How large a step may be, and where steps of several sizes lead.
  static func measureBowl(_ seeds: [UInt64]) -> BowlFindings {
    let bowl = BowlFindings.bowl
    let steps = 40
    let walks = BowlFindings.rates.map { rate in
      var walk = descend(bowl, from: (-1.0, 0.6), SGD(), rate: rate, steps: steps)
      if let end = walk.b.firstIndex(where: { abs($0) > 1.2 }) {
        walk.a.removeSubrange(end...)
        walk.b.removeSubrange(end...)
      }
      return walk
    }
    return BowlFindings(
      largestRate: Summary(seeds.map { largestRate(bowl, from: start(seed: $0)) }), steps: steps, walks: walks)
  }

  private static func measureSpirals(
    hidden: Int, _ seeds: [UInt64], _ run: ChapterRun, momentum: Float = 0.9, rate: Float = 0.3
  ) throws -> SpiralFindings {
    let steps = run.pick(quick: 400, normal: 800, full: 3000)
    let kept = [0, 5, 20, 50, 100, 200, 400, 800, 3000].filter { $0 <= steps }
    let bar = run.progress("spirals", total: seeds.count * 2)
    defer { bar.finish() }
    var nets: [SpiralRun] = []
    var lineErrors: [Double] = []
    for seed in seeds {
      run.stopIfInterrupted()
      let points = spirals(seed: seed)
      nets.append(
        try train(
          SpiralNet.twoLayers(hidden: hidden), on: points, optimizer: SGD(momentum: momentum), rate: rate,
          steps: steps,
          keeping: seed == seeds[0] ? kept : [], seed: seed))
      bar.update(nets.count * 2 - 1)
      lineErrors.append(
        try train(
          SpiralNet.oneLayer, on: points, optimizer: SGD(momentum: momentum), rate: rate,
          steps: run.pick(quick: 200, normal: 300, full: 1000), seed: seed
        ).error)
      bar.update(nets.count * 2)
    }
    let points = spirals(seed: seeds[0])
    let places = points.inputs.elements
    return SpiralFindings(
      hidden: hidden, steps: steps, netErrors: Summary(nets.map(\.error)),
      lineErrors: Summary(lineErrors),
      firstLoss: nets[0].losses[0], lastLoss: nets[0].losses[nets[0].losses.count - 1],
      points: points.labels.indices.map { [places[2 * $0], places[2 * $0 + 1]] },
      labels: points.labels,
      snapshots: zip(kept, nets[0].snapshots).map { SpiralSnapshot(step: $0, $1) })
  }

  private static func measureChecks(_ digits: Digits, _ seeds: [UInt64], _ run: ChapterRun) throws
    -> CheckFindings
  {
    let batch = digits.train.batch(first: run.pick(quick: 64, normal: 256, full: 500))
    let twenty = digits.train.batch(first: 20)
    let steps = run.pick(quick: 150, normal: 500, full: 2000)
    let firstLosses = try CheckFindings.gains.map { gain in
      Summary(try seeds.map { try firstLoss(gain: gain, on: batch, seed: $0) })
    }
    let heart = try Defect.allCases.map { defect in
      try seeds.map { try learnByHeart(twenty, defect: defect, steps: steps, seed: $0) }
    }
    return CheckFindings(
      imageCount: batch.count, firstLosses: firstLosses, steps: steps, curves: heart.map { $0[0].losses },
      ends: heart.map { runs in Summary(runs.map { $0.losses[steps - 1] }) },
      updates: heart.map { runs in Summary(runs.map(\.update)) },
      blind: labelEntropy(twenty.labels))
  }
}

extension DifferenceFindings {
  init(_ experiment: DifferenceExperiment, seeds: [UInt64]) {
    curves = experiment.curves.map { curve in
      Curve(
        name: curve.name, steps: curve.steps, typical: curve.typical,
        bestSteps: Summary(curve.bestSteps),
        bestErrors: Summary(curve.bestErrors))
    }
    centralOrder = Summary(experiment.double.orders(from: 1e-3, to: 1e-1))
    oneSidedOrder = Summary(experiment.oneSided.orders(from: 1e-5, to: 1e-2))
    countMistakes(seeds)
  }

  mutating func countMistakes(_ seeds: [UInt64]) {
    mistakesInDouble = GradientMistake.allCases.map { mistake in Summary(seeds.map { mistake.error(seed: $0) }) }
  }
}

extension RaceFindings {
  init(_ result: RaceResult) { self.init(rate: result.rate, steps: Summary(result.steps)) }
}
