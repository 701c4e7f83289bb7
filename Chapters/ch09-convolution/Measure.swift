// The experiments of chapter 9 in their order.

import Workbook

extension SlidingWindow {
  static func measure(_ run: ChapterRun, _ options: ChapterOptions) throws -> Findings {
    let digits = try Digits.load(from: options.data, count: run.pick(quick: 600, normal: 4_000, full: 20_000))
    let bench = Bench(
      train: digits.train, test: run.isQuick ? digits.test.prefix(400) : digits.test,
      epochs: run.pick(quick: 2, normal: 4, full: 6), seeds: run.seeds(quick: 1, normal: 5, full: 8))
    let ticker = Ticker("trainings", total: (4 + PartsExperiment.count) * bench.seeds.count, run)
    let locality = try LocalityExperiment(bench, afterEach: { ticker.tick() })
    let parts = try PartsExperiment(bench, plain: locality.convolutional, afterEach: { ticker.tick() })
    ticker.finish()
    let responseCount = min(500, bench.test.count)
    var findings = Findings(
      data: digits.name, trainingCount: bench.train.count, testCount: bench.test.count, epochs: bench.epochs,
      seeds: bench.seeds, digit: bench.test.prefix(1).pixels, shiftError: equivarianceError(shift: 3, seed: run.seed),
      locality: locality, parts: parts,
      timings: TimedCase.all.compactMap {
        timed($0, repeats: run.pick(quick: 1, normal: 3, full: 5), seed: run.seed)
      }, threads: Parallel.threadCount, responses: shiftResponses(on: bench.test, count: responseCount),
      responseCount: responseCount, loud: ResponseExample(loud: 10), quiet: ResponseExample(loud: 1),
      reach: try measureReach(run), lenet: try shapeWalk(LeNet5.plain.layers, input: LeNet5.inputShape),
      alexNet: try AlexNetFacts())
    findings.separation = try measureSeparation(bench, run)
    return findings
  }

  /// The control on few digits: after all else, and with seeds of its own, so that nothing else depends on it.
  private static func measureSeparation(_ bench: Bench, _ run: ChapterRun) throws -> SeparationExperiment {
    var few = bench
    few.train = bench.train.prefix(run.pick(quick: 400, normal: 3_000, full: 10_000))
    few.test = bench.test.prefix(run.pick(quick: 400, normal: 5_000, full: 10_000))
    let ticker = Ticker("windows", total: SeparationExperiment.trainings(seeds: bench.seeds.count), run)
    defer { ticker.finish() }
    return try SeparationExperiment(
      few, validation: run.pick(quick: 100, normal: 1_000, full: 2_000),
      epochs: run.pick(quick: 1, normal: 6, full: 8), afterEach: { ticker.tick() })
  }

  private static func measureReach(_ run: ChapterRun) throws -> ReachFindings {
    let depths = run.pick(
      quick: [1, 2, 4, 8, 10], normal: [1, 2, 3, 4, 6, 8, 10, 12], full: [1, 2, 3, 4, 6, 8, 10, 12, 16])
    let side = 2 * (depths.last ?? 1) + 9
    let seeds = (0..<UInt64(run.pick(quick: 10, normal: 100, full: 400))).map { run.seed &+ $0 }
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
