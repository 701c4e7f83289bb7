// The experiments of chapter 7 in their order.

import Workbook

extension Regularization {
  static func measure(_ run: ChapterRun, _ options: ChapterOptions) throws -> Findings {
    let seeds = run.seeds(quick: 1, normal: 3, full: 10)
    let digits = try DigitSets(
      from: options.data, train: run.pick(quick: 200, normal: 500, full: 1000),
      validation: run.pick(quick: 200, normal: 500, full: 2000),
      test: run.pick(quick: 300, normal: 1000, full: 10_000))
    return Findings(
      data: digits.name, trainingCount: digits.train.count, validationCount: digits.validation.count, seeds: seeds,
      sweep: try measureSweep(seeds, run), selection: try measureSelection(seeds, run),
      stopping: try measureStopping(digits, seeds, run), pictures: measurePictures(digits.train, seed: run.seed),
      board: try measureBoard(digits, seeds, run), explosion: try measureExplosion(digits, seeds, run))
  }

  private static func measureSweep(_ seeds: [UInt64], _ run: ChapterRun) throws -> PenaltySweep {
    let lambdas: [Float] = run.pick(
      quick: [0, 0.003, 0.01, 0.03], normal: [0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1],
      full: [0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1])
    let ticker = Ticker("moons", total: 2 * lambdas.count * seeds.count, run)
    defer { ticker.finish() }
    return try PenaltySweep(lambdas: lambdas, epochs: run.pick(quick: 100, normal: 300, full: 600), seeds: seeds) {
      ticker.tick()
    }
  }

  private static func measureSelection(_ seeds: [UInt64], _ run: ChapterRun) throws -> InputSelection {
    let ticker = Ticker("inputs", total: penalties.count * seeds.count, run)
    defer { ticker.finish() }
    return try InputSelection(
      penalties, points: run.pick(quick: 200, normal: 400, full: 400),
      epochs: run.pick(quick: 100, normal: 250, full: 500), seeds: seeds
    ) { ticker.tick() }
  }

  private static func measureStopping(
    _ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> StoppingExperiment {
    let ticker = Ticker("stopping", total: 2 * seeds.count, run)
    defer { ticker.finish() }
    return try StoppingExperiment(digits, epochs: run.pick(quick: 15, normal: 40, full: 100), seeds: seeds) {
      ticker.tick()
    }
  }

  /// The pictures of the page: the first digit of some classes, and what a jitter fitted to all digits adds to them.
  static func measurePictures(_ digits: Dataset, seed: UInt64) -> PictureFindings {
    let places = Views.firstOfEach(digits, [2, 3, 5, 6, 7, 9])
    let shown = digits.samples(at: places)
    let grey = ColorJitter.fit(digits)
    let colored = Views.colored(digits, count: 200, seed: seed)
    let place = Views.firstOfEach(digits, [3]).first { $0 < 200 } ?? 0
    let strengths = [ColorJitter.fit(colored), ColorJitter.fit(colored, standardDeviation: 1)]
    return PictureFindings(
      labels: shown.labels, pixels: shown.pixels,
      brightness: places.indices.map { Views.change(by: grey, channels: 1, draw: $0, seed: seed)[0] },
      black: Views.blackShare(digits, count: 100), colored: colored.samples(at: [place]).pixels,
      colorChanges: strengths.map { jitter in
        (0..<5).map { Views.change(by: jitter, channels: 3, draw: $0, seed: seed) }
      },
      eigenvalue: Double(strengths[0].eigenvalues[0]), jitter: Double(strengths[0].standardDeviation))
  }

  private static func measureBoard(_ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun) throws -> Scoreboard {
    let ticker = Ticker("restraints", total: Scoreboard.count(seeds: seeds.count), run)
    defer { ticker.finish() }
    return try Scoreboard(
      jitter: ColorJitter.fit(digits.train), on: digits, steps: run.pick(quick: 60, normal: 400, full: 2000),
      seeds: seeds
    ) { ticker.tick() }
  }

  private static func measureExplosion(
    _ digits: DigitSets, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> ExplosionFindings {
    let epochs = run.pick(quick: 3, normal: 10, full: 40)
    let (kinds, repeats) = (Clipping.allCases, seeds.count)
    let ticker = Ticker("deep nets", total: 4 * repeats, run)
    let nets = try inParallel(4 * repeats) { index in
      ticker.tick()
      let kind = index / repeats
      var outcome = try DeepNet.train(
        kind < 3 ? kinds[kind] : .none, depth: 8, gain: kind < 3 ? 1.5 : 1, on: digits, epochs: epochs,
        seed: seeds[index % repeats])
      // The curves are those of the first seed.
      if index % repeats > 0 { outcome.norms = [] }
      return outcome
    }
    ticker.finish()
    let activations: [any Layer] = [Sigmoid(), Tanh(), ReLU()]
    return ExplosionFindings(
      outcomes: (0..<3).map { kind in Array(nets[kind * repeats..<(kind + 1) * repeats]) },
      good: Array(nets[(3 * repeats)...]),
      angles: try kinds.map { kind in
        Summary(try seeds.map { try DeepNet.direction(kind, depth: 8, gain: 1.5, on: digits, seed: $0) })
      },
      growth: activations.map { layer in
        ExplosionFindings.gains.map { gain in Summary(seeds.map { DeepNet.growth(layer, gain: gain, seed: $0) }) }
      })
  }
}
