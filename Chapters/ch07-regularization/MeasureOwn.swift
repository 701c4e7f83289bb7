// The experiments of chapter 7 in which each training has its own learning rate, and which came last.

import Workbook

extension Regularization {
  /// What can be measured alone.
  enum OwnPart: String, CaseIterable { case moons, labels, adam, widths }

  static func measure(
    _ part: OwnPart, _ findings: inout Findings, _ digits: DigitSets, _ alike: DigitSets,
    _ options: RegularizationOptions, _ run: ChapterRun
  ) throws {
    switch part {
    case .moons: findings.moonRates = try findings.moonRates ?? measureMoonRates(run)
    case .labels: findings.labelRates = try findings.labelRates ?? measureLabelRates(alike, run)
    case .adam:
      guard findings.adam == nil, let own = findings.ownDigits else { return }
      let draws = OwnDigits.Draws(
        pool: try pool(beside: digits, options), digits: digits, count: own.digits, steps: own.steps)
      let seeds = Array(run.seeds(quick: 1, normal: 10, full: 10))
      let ticker = Ticker("Adam and AdamW", total: 100, run)
      defer { ticker.finish() }
      findings.adam = try AdamTraining.all(draws, seeds: seeds, choosing: 2) { ticker.tick() }
    case .widths:
      guard findings.widths == nil, let own = findings.ownDigits else { return }
      let draws = OwnDigits.Draws(
        pool: try pool(beside: digits, options), digits: digits, count: own.digits, steps: own.steps)
      let ticker = Ticker("nets of other widths", total: WidthTraining.widths.count * 12, run)
      defer { ticker.finish() }
      findings.widths = try WidthTraining.all(draws, seeds: Array(run.seeds(quick: 1, normal: 10, full: 10))) {
        ticker.tick()
      }
    }
  }

  private static func measureMoonRates(_ run: ChapterRun) throws -> MoonRates {
    let seeds = Array(run.seeds(quick: 1, normal: 10, full: 24))
    let (choosing, all) = (min(8, seeds.count), MoonRestraint.candidates)
    let ticker = Ticker(
      "moons at their own rates", total: 4 * all.joined().count * choosing + all.count * seeds.count, run)
    defer { ticker.finish() }
    return try MoonRates(epochs: run.pick(quick: 100, normal: 300, full: 400), seeds: seeds, choosing: choosing) {
      ticker.tick()
    }
  }

  private static func measureLabelRates(_ digits: DigitSets, _ run: ChapterRun) throws -> [LabelRates] {
    let seeds = Array(run.seeds(quick: 1, normal: 5, full: 8))
    let (choosing, shares) = (min(3, seeds.count), [Float(0.2), StoppingExperiment.wrongLabels])
    let ticker = Ticker("wrong labels at their own rates", total: shares.count * 110, run)
    defer { ticker.finish() }
    return try shares.map {
      try LabelRates(
        digits, share: $0, epochs: run.pick(quick: 15, normal: 40, full: 50), seeds: seeds, choosing: choosing
      ) { ticker.tick() }
    }
  }
}
