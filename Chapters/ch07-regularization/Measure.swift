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
    if options.controls || options.part != nil {
      try measureAgain(digits, alike, count, options, run)
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
      selection: try measureSelection(recorded.map { $0.wider ?? $0.selection }?.trials, run),
      stopping: try measureStopping(alike, run),
      pictures: measurePictures(half.train, seed: run.seed),
      board: try (own == nil ? nil : recorded?.board) ?? measureBoard(digits, recorded?.board.tuning, run),
      descent: try measureDescent(half, run),
      growth: GradientGrowth(seeds: run.seeds(quick: 1, normal: 5, full: 8)),
      clipping: try recorded?.clipping ?? measureClipping(half, run), widths: try measureWidths(run),
      recordedCount: recorded?.trainingCount)
    (findings.ownRates, findings.mirror) = (own, recorded?.mirror)
    (findings.moons, findings.ownDigits) = (recorded?.moons, recorded?.ownDigits)
    (findings.later, findings.moonChecks, findings.digitChecks) = (
      recorded?.later, recorded?.moonChecks, recorded?.digitChecks
    )
    (findings.parts, findings.bareRates) = (recorded?.parts, recorded?.bareRates)
    (findings.tuned, findings.digitParts, findings.photographs) = (
      recorded?.tuned, recorded?.digitParts, recorded?.photographs
    )
    (findings.moonRates, findings.labelRates, findings.adam) = (
      recorded?.moonRates, recorded?.labelRates, recorded?.adam
    )
    findings.ownParts = recorded?.ownParts
    findings.again = try own.flatMap { try measureAgain($0, digits, run) }
    findings.lines = try measureLines(findings.sweep, run)
    if run.isFull {
      findings.ownRates = try measureOwnRates(digits, run)
      findings.mirror = try measureMirror(digits, run)
      findings.spread = try measureSpread(findings.sweep, run)
      findings.moons = try measureMoons(run)
      findings.ownDigits = try findings.ownRates.map { try measureOwnDigits($0, digits, options, run) }
      findings.later = try findings.ownRates.map { try measureLater($0, digits, options, run) }
      findings.moonChecks = try measureChecks(findings.sweep, run)
      findings.digitChecks = try findings.ownRates.map { try measureChecks($0, digits, alike, options, run) }
      findings.parts = try findings.moons.map { try measureParts($0, run) }
      findings.bareRates = try findings.ownRates.map { try measureBare($0, digits, options, run) }
      try measureTuned(&findings, digits, options, run)
      try OwnPart.allCases.forEach { try measure($0, &findings, digits, alike, options, run) }
    }
    return findings
  }

  /// Measures what the record lacks, that alone, and writes the recorded findings with it.
  ///
  /// - Throws: `DataError` where there is no record, or one of another size.
  private static func measureAgain(
    _ digits: DigitSets, _ alike: DigitSets, _ count: Int, _ options: RegularizationOptions, _ run: ChapterRun
  ) throws {
    try addToRecord(on: digits.name, in: run, where: { $0.data == digits.name && $0.trainingCount == count }) {
      findings, keep in
      if let part = options.part.flatMap({ OwnPart(rawValue: $0.rawValue) }) {
        return try measure(part, &findings, digits, alike, options, run)
      }
      if options.part != nil { return try measureTuned(&findings, digits, options, run, keeping: keep) }
      let tried = findings.selection.trials?.map { $0.map(\.penalty.lambda) }
      if findings.wider == nil, tried != InputSelection.strengths {
        findings.wider = try measureSelection(nil, known: findings.selection, run)
      }
      if findings.widths == nil { findings.widths = try measureWidths(run) }
      if findings.lines == nil { findings.lines = try measureLines(findings.sweep, run) }
      if findings.stoppingAlike == nil, findings.stopping.clean.contains(where: { $0.testLoss == nil }) {
        findings.stoppingAlike = try measureStopping(alike, run)
      }
      if findings.spread == nil { findings.spread = try measureSpread(findings.sweep, run) }
      try keep(findings)
      if findings.mirror == nil { findings.mirror = try measureMirror(digits, run) }
      try keep(findings)
      var kept = findings
      findings.ownRates = try measureOwnRates(digits, run, known: findings.ownRates) {
        kept.ownRates = $0
        try keep(kept)
      }
      if findings.moons == nil { findings.moons = try measureMoons(run) }
      try keep(findings)
      if findings.ownDigits == nil, let own = findings.ownRates {
        findings.ownDigits = try measureOwnDigits(own, digits, options, run)
      }
      if findings.moonChecks == nil { findings.moonChecks = try measureChecks(findings.sweep, run) }
      try keep(findings)
      if findings.digitChecks == nil, let own = findings.ownRates {
        findings.digitChecks = try measureChecks(own, digits, alike, options, run)
      }
      try keep(findings)
      if findings.parts == nil { findings.parts = try findings.moons.map { try measureParts($0, run) } }
      if findings.bareRates == nil, let own = findings.ownRates {
        findings.bareRates = try measureBare(own, digits, options, run)
      }
      try keep(findings)
      // The bare net among those that are tried is not measured again; the mean of several nets joins them.
      if findings.later?.count != OwnDigits.later.count, let own = findings.ownRates {
        findings.later = try measureLater(own, digits, options, run, known: findings.later ?? [])
      }
      try measureTuned(&findings, digits, options, run, keeping: keep)
    }
  }

  /// The lines of several nets: few units, many, and many with the price that errs least.
  private static func measureLines(_ sweep: PenaltySweep, _ run: ChapterRun) throws -> [MoonLines] {
    let seeds = Array(run.seeds(quick: 1, normal: MoonLines.seeds, full: MoonLines.seeds))
    return try [(4, 0), (64, 0), (64, sweep.lambdas[sweep.best(0)])].map {
      try MoonLines(units: $0.0, lambda: $0.1, epochs: run.pick(quick: 100, normal: 300, full: 400), seeds: seeds)
    }
  }

  /// Bias and variance of nets of several kinds.
  private static func measureSpread(_ sweep: PenaltySweep, _ run: ChapterRun) throws -> [MoonSpread] {
    let seeds = Array(run.seeds(quick: 2, normal: 10, full: 24))
    let kinds = MoonSpread.kinds(sweep.lambdas[sweep.best(0)])
    let ticker = Ticker("bias and variance", total: kinds.count * seeds.count, run)
    defer { ticker.finish() }
    return try kinds.map {
      try MoonSpread(
        units: $0.units, lambda: $0.lambda, epochs: run.pick(quick: 100, normal: 300, full: 400), seeds: seeds
      ) { ticker.tick() }
    }
  }

  private static func measureOwnRates(
    _ digits: DigitSets, _ run: ChapterRun, known: Scoreboard? = nil,
    keeping keep: (Scoreboard) throws -> Void = { _ in }
  ) throws -> Scoreboard {
    let ticker = Ticker("restraints, each at its own rate", total: 450, run)
    defer { ticker.finish() }
    return try Scoreboard.atOwnRates(
      Scoreboard.contestants(jitter: ColorJitter.fit(digits.halved.train)), on: digits, steps: 1200,
      seeds: run.seeds(quick: 1, normal: 10, full: 10), choosing: 2, known: known, report: { ticker.tick() },
      keeping: keep)
  }

  private static func measureMoons(_ run: ChapterRun) throws -> MoonBoard {
    let seeds = Array(run.seeds(quick: 1, normal: 10, full: 24))
    let ticker = Ticker("moons under every restraint", total: MoonBoard.count(seeds: seeds.count), run)
    defer { ticker.finish() }
    return try MoonBoard(epochs: run.pick(quick: 100, normal: 300, full: 400), seeds: seeds) { ticker.tick() }
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
    _ own: Scoreboard, _ digits: DigitSets, _ options: RegularizationOptions, _ run: ChapterRun,
    known: [OwnDigits.Entry] = []
  ) throws -> [OwnDigits.Entry] {
    let seeds = Array(run.seeds(quick: 1, normal: 10, full: 10))
    let ticker = Ticker("labels, batches, several nets", total: 60 + (5 + OwnDigits.ensemble) * seeds.count, run)
    defer { ticker.finish() }
    return try OwnDigits.later(
      own, pool: try pool(beside: digits, options), digits: digits, seeds: seeds, choosing: 2, known: known
    ) { ticker.tick() }
  }

  /// What each seed draws its digits from: those that follow the ones that settings are chosen by.
  static func pool(beside digits: DigitSets, _ options: RegularizationOptions) throws -> Dataset {
    let before = digits.train.count + 4000
    let all = try DigitSets(from: options.shared.data, train: 60_000, validation: 0, test: 0).train
    return all.samples(at: before..<all.count)
  }

  private static func measureChecks(_ sweep: PenaltySweep, _ run: ChapterRun) throws -> MoonChecks {
    let (seeds, starts) = (Array(run.seeds(quick: 1, normal: 10, full: 12)), 6)
    let own = Array(run.seeds(quick: 2, normal: 10, full: 24))
    let ticker = Ticker(
      "zeros, and initial weights", total: (1 + 2 * starts) * seeds.count + 3 * own.count, run)
    defer { ticker.finish() }
    return try MoonChecks(
      sweep, epochs: run.pick(quick: 100, normal: 300, full: 400), seeds: seeds, starts: starts, own: own
    ) { ticker.tick() }
  }

  private static func measureParts(_ moons: MoonBoard, _ run: ChapterRun) throws -> MoonParts {
    let seeds = Array(run.seeds(quick: 2, normal: 10, full: 24))
    let ticker = Ticker("bias and variance", total: MoonParts.count(moons, seeds: seeds.count), run)
    defer { ticker.finish() }
    return try MoonParts(moons, seeds: seeds) { ticker.tick() }
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

  private static func measureChecks(
    _ own: Scoreboard, _ digits: DigitSets, _ alike: DigitSets, _ options: RegularizationOptions, _ run: ChapterRun
  ) throws -> DigitChecks {
    let draws = OwnDigits.Draws(
      pool: try pool(beside: digits, options), digits: digits, count: own.digits ?? digits.train.count / 2,
      steps: own.steps ?? 1200)
    let seeds = Array(run.seeds(quick: 2, normal: 10, full: 10))
    let stopping = Array(run.seeds(quick: 1, normal: 5, full: 8))
    let ticker = Ticker(
      "initial weights, wrong validation labels", total: OwnDigits.ensemble * seeds.count + stopping.count, run)
    defer { ticker.finish() }
    return try DigitChecks(
      draws, rate: own.rate, seeds: seeds, starts: OwnDigits.ensemble, alike: alike,
      epochs: run.pick(quick: 15, normal: 40, full: 50), stopping: stopping
    ) { ticker.tick() }
  }

  /// Some restraints again, at the rates that the recorded run chose.
  private static func measureAgain(_ own: Scoreboard, _ digits: DigitSets, _ run: ChapterRun) throws -> Scoreboard? {
    let (names, seeds) = (
      ["nothing", "L2", "dropout", "shift, rotate", "flip"], run.seeds(quick: 1, normal: 5, full: 5)
    )
    let ticker = Ticker("restraints", total: names.count * seeds.count, run)
    defer { ticker.finish() }
    return try own.repeated(names, jitter: ColorJitter.fit(digits.halved.train), on: digits, seeds: seeds) {
      ticker.tick()
    }
  }

  private static func measureMirror(_ digits: DigitSets, _ run: ChapterRun) throws -> MirrorFindings {
    let seeds = run.seeds(quick: 1, normal: 10, full: 16)
    let ticker = Ticker("mirrored digits", total: 8 * 3 + 2 * (seeds.count - 3), run)
    defer { ticker.finish() }
    return try MirrorFindings(digits, count: 60, steps: 600, seeds: seeds, choosing: 3) { ticker.tick() }
  }

  private static func measureWidths(_ run: ChapterRun) throws -> WidthSweep {
    let seeds = run.seeds(quick: 1, normal: 10, full: 12)
    let ticker = Ticker("narrower nets", total: WidthSweep.widths.count * seeds.count, run)
    defer { ticker.finish() }
    return try WidthSweep(epochs: run.pick(quick: 100, normal: 300, full: 400), seeds: seeds) { ticker.tick() }
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
    _ trials: [[InputSelection.Trial]]?, known: InputSelection? = nil, _ run: ChapterRun
  ) throws -> InputSelection {
    let seeds = run.seeds(quick: 1, normal: 16, full: 24)
    // Two strengths of L2 are next to each other in errors and far apart in weights: few seeds choose now one, now the other.
    let choosing = trials == nil ? run.seeds(quick: 1, normal: 3, full: 24) : []
    let ticker = Ticker("inputs", total: InputSelection.count(seeds: seeds.count, choosing: choosing.count), run)
    defer { ticker.finish() }
    return try InputSelection(
      points: run.pick(quick: 200, normal: 400, full: 400), epochs: run.pick(quick: 40, normal: 200, full: 250),
      seeds: seeds, choosing: choosing, trials: trials, known: known
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
