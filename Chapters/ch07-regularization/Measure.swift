// The experiments of chapter 7 in their order.

import Workbook

extension Regularization {
  static func measure(_ run: ChapterRun, _ options: RegularizationOptions) throws -> Findings {
    if options.part == .photographs {
      try measurePhotographs(in: options.shared.data, run)
      try run.endWithoutPage()
    }
    let count = run.pick(quick: 200, normal: 500, full: 1000)
    let (kept, new) = (run.pick(quick: 200, normal: 1000, full: 2000), run.pick(quick: 300, normal: 2000, full: 2000))
    var digits = try DigitSets(
      from: options.shared.data, train: 2 * count, validation: kept + new,
      test: run.pick(quick: 300, normal: 2000, full: 10_000))
    // Where validation and test digits are compared they come from one file: the test file was written by others.
    var alike = digits.halved
    alike.test = digits.validation.samples(at: kept..<kept + new)
    digits.validation = digits.validation.prefix(kept)
    alike.validation = digits.validation
    let half = digits.halved
    if options.part != nil {
      try measurePart(digits, alike, count, options, run)
      try run.endWithoutPage()
    }
    // A full run chooses rates and strengths; smaller ones on the same digits take what the recorded full run chose, and
    // all of an experiment that a minute is too short for.
    let recorded = (run.isFull ? nil : KeptFindings<Findings>(recordedOf: chapter)?.findings)
      .flatMap { $0.data == digits.name ? $0 : nil }
    let own = recorded?.ownRates
    var findings = Findings(
      data: digits.name, trainingCount: count, validationCount: digits.validation.count, seed: run.seed,
      sweep: try measureSweep(run),
      selection: try measureSelection(recorded?.selection.trials, run),
      stopping: try measureStopping(alike, run),
      pictures: measurePictures(half.train),
      board: try (own == nil ? nil : recorded?.board) ?? measureBoard(digits, recorded?.board.tuning, run),
      descent: try measureDescent(half, run),
      growth: GradientGrowth(seeds: run.seeds(quick: 1, normal: 5, full: 8)),
      clipping: try recorded?.clipping ?? measureClipping(half, run), recordedCount: recorded?.trainingCount)
    (findings.ownRates, findings.mirror) = (own, recorded?.mirror)
    (findings.ownDigits, findings.later) = (recorded?.ownDigits, recorded?.later)
    (findings.bareRates, findings.tuned) = (recorded?.bareRates, recorded?.tuned)
    (findings.digitParts, findings.photographs) = (recorded?.digitParts, recorded?.photographs)
    (findings.moonRates, findings.widths) = (recorded?.moonRates, recorded?.widths)
    (findings.labelRates, findings.adam) = (recorded?.labelRates, recorded?.adam)
    if run.isFull {
      let own = try measureOwnRates(digits, run)
      findings.ownRates = own
      findings.mirror = try measureMirror(digits, run)
      findings.ownDigits = try measureOwnDigits(own, digits, options, run)
      findings.later = try measureLater(own, digits, options, run)
      findings.bareRates = try measureBare(own, digits, options, run)
      try measureTuned(&findings, digits, options, run)
      try OwnPart.allCases.forEach { try measure($0, &findings, digits, alike, options, run) }
    }
    return findings
  }

  /// Measures one part that the record lacks, that alone, and writes the recorded findings with it.
  ///
  /// - Throws: `DataError` where there is no record, or one of another size.
  private static func measurePart(
    _ digits: DigitSets, _ alike: DigitSets, _ count: Int, _ options: RegularizationOptions, _ run: ChapterRun
  ) throws {
    try addToRecord(on: digits.name, in: run, where: { $0.data == digits.name && $0.trainingCount == count }) {
      findings, keep in
      if let part = options.part.flatMap({ OwnPart(rawValue: $0.rawValue) }) {
        return try measure(part, &findings, digits, alike, options, run)
      }
      try measureTuned(&findings, digits, options, run, keeping: keep)
    }
  }

  private static func measureOwnRates(_ digits: DigitSets, _ run: ChapterRun) throws -> Scoreboard {
    let ticker = Ticker("restraints, each at its own rate", total: 450, run)
    defer { ticker.finish() }
    return try Scoreboard.atOwnRates(
      Scoreboard.contestants(jitter: ColorJitter.fit(digits.halved.train)), on: digits, steps: 1200,
      seeds: run.seeds(quick: 1, normal: 10, full: 10), choosing: 2, report: { ticker.tick() })
  }

  private static func measureOwnDigits(
    _ own: Scoreboard, _ digits: DigitSets, _ options: RegularizationOptions, _ run: ChapterRun
  ) throws -> OwnDigits {
    let seeds = Array(run.seeds(quick: 1, normal: 10, full: 10))
    let ticker = Ticker("restraints, each seed with its own digits", total: 18 * seeds.count + 52, run)
    defer { ticker.finish() }
    return try OwnDigits(
      own, pool: try pool(beside: digits, options), digits: digits, jitter: ColorJitter.fit(digits.halved.train),
      seeds: seeds, choosing: 2
    ) { ticker.tick() }
  }

  private static func measureLater(
    _ own: Scoreboard, _ digits: DigitSets, _ options: RegularizationOptions, _ run: ChapterRun
  ) throws -> [OwnDigits.Entry] {
    let seeds = Array(run.seeds(quick: 1, normal: 10, full: 10))
    let ticker = Ticker("labels, batches, several nets", total: 60 + (5 + OwnDigits.ensemble) * seeds.count, run)
    defer { ticker.finish() }
    return try OwnDigits.later(
      own, pool: try pool(beside: digits, options), digits: digits, seeds: seeds, choosing: 2
    ) { ticker.tick() }
  }

  /// What each seed draws its digits from: those that follow the ones that settings are chosen by.
  static func pool(beside digits: DigitSets, _ options: RegularizationOptions) throws -> Dataset {
    let before = digits.train.count + 4000
    let all = try DigitSets(from: options.shared.data, train: 60_000, validation: 0, test: 0).train
    return all.samples(at: before..<all.count)
  }

  /// The net without a restraint on digits, at larger rates.
  private static func measureBare(
    _ own: Scoreboard, _ digits: DigitSets, _ options: RegularizationOptions, _ run: ChapterRun
  ) throws -> [OwnDigits.Entry] {
    let draws = OwnDigits.Draws(
      pool: try pool(beside: digits, options), digits: digits, count: own.digits ?? digits.train.count / 2,
      steps: own.steps ?? 1200)
    let seeds = Array(run.seeds(quick: 1, normal: 10, full: 10))
    let ticker = Ticker("the bare net", total: OwnDigits.furtherRates.count * seeds.count, run)
    defer { ticker.finish() }
    return try OwnDigits.bare(draws, seeds: seeds) { ticker.tick() }
  }

  private static func measureMirror(_ digits: DigitSets, _ run: ChapterRun) throws -> MirrorFindings {
    let seeds = run.seeds(quick: 1, normal: 10, full: 16)
    let ticker = Ticker("mirrored digits", total: 8 * 3 + 2 * (seeds.count - 3), run)
    defer { ticker.finish() }
    return try MirrorFindings(digits, count: 60, steps: 600, seeds: seeds, choosing: 3) { ticker.tick() }
  }

  private static func measureSweep(_ run: ChapterRun) throws -> PenaltySweep {
    let seeds = run.seeds(quick: 1, normal: 10, full: 12)
    let lambdas: [Float] = run.pick(
      quick: [0, 0.003, 0.01, 0.03], normal: [0, 0.001, 0.003, 0.01, 0.03, 0.1],
      full: [0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1])
    let ticker = Ticker("moons", total: (2 * lambdas.count - 1) * seeds.count, run)
    defer { ticker.finish() }
    return try PenaltySweep(lambdas: lambdas, epochs: run.pick(quick: 100, normal: 300, full: 400), seeds: seeds) {
      ticker.tick()
    }
  }

  private static func measureSelection(
    _ trials: [[InputSelection.Trial]]?, _ run: ChapterRun
  ) throws -> InputSelection {
    let seeds = run.seeds(quick: 1, normal: 16, full: 24)
    // Two strengths of L2 are next to each other in errors and far apart in weights: few seeds choose now one, now the other.
    let choosing = trials == nil ? run.seeds(quick: 1, normal: 3, full: 24) : []
    let ticker = Ticker("inputs", total: InputSelection.count(seeds: seeds.count, choosing: choosing.count), run)
    defer { ticker.finish() }
    return try InputSelection(
      points: run.pick(quick: 200, normal: 400, full: 400), epochs: run.pick(quick: 40, normal: 200, full: 250),
      seeds: seeds, choosing: choosing, trials: trials
    ) { ticker.tick() }
  }

  private static func measureStopping(_ digits: DigitSets, _ run: ChapterRun) throws -> StoppingExperiment {
    let seeds = run.seeds(quick: 1, normal: 5, full: 8)
    let ticker = Ticker("stopping", total: 2 * seeds.count, run)
    defer { ticker.finish() }
    return try StoppingExperiment(digits, epochs: run.pick(quick: 15, normal: 40, full: 50), seeds: seeds) {
      ticker.tick()
    }
  }

  /// The picture of the page: the first digit of a class.
  static func measurePictures(_ digits: Dataset) -> PictureFindings {
    let shown = digits.samples(at: Views.firstOfEach(digits, [5]))
    return PictureFindings(labels: shown.labels, pixels: shown.pixels)
  }

  private static func measureBoard(
    _ digits: DigitSets, _ tuning: Scoreboard.Tuning?, _ run: ChapterRun
  ) throws -> Scoreboard {
    let seeds = run.seeds(quick: 1, normal: 12, full: 10)
    let ticker = Ticker("restraints", total: Scoreboard.count(seeds: seeds.count, isTuned: tuning != nil), run)
    defer { ticker.finish() }
    return try Scoreboard(
      jitter: ColorJitter.fit(digits.halved.train), on: digits, steps: run.pick(quick: 40, normal: 400, full: 600),
      tuning: tuning, seeds: seeds
    ) { ticker.tick() }
  }

  private static func measureDescent(_ digits: DigitSets, _ run: ChapterRun) throws -> DoubleDescent {
    let seeds = run.seeds(quick: 1, normal: 5, full: 8)
    let features = run.pick(
      quick: [10, 50, 150, 600], normal: [10, 20, 40, 80, 120, 140, 150, 160, 200, 300, 600, 1500],
      full: [10, 20, 40, 60, 80, 100, 120, 140, 150, 160, 180, 200, 300, 400, 600, 1000, 2000])
    let ticker = Ticker("random features", total: features.count * seeds.count, run)
    defer { ticker.finish() }
    var digits = digits
    digits.test = digits.test.prefix(2000)
    return try DoubleDescent(digits, samples: 150, features: features, seeds: seeds) { ticker.tick() }
  }

  private static func measureClipping(_ digits: DigitSets, _ run: ChapterRun) throws -> ClippingExperiment {
    let seeds = run.seeds(quick: 1, normal: 5, full: 8)
    let rates: [Float] = run.pick(
      quick: [0.001, 0.1], normal: [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
      full: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1])
    let ticker = Ticker("clipping", total: ClippingExperiment.ways.count * rates.count * seeds.count, run)
    defer { ticker.finish() }
    return try ClippingExperiment(digits, rates: rates, epochs: run.pick(quick: 4, normal: 10, full: 10), seeds: seeds)
    {
      ticker.tick()
    }
  }
}
