// Every training at rates around its own, of which validation digits choose with all seeds.

import Foundation
import Workbook

/// A training on digits that each seed draws, at the rate with the fewest validation errors of all seeds.
struct TunedTraining: Codable, Sendable {
  /// What a rate that was not the recorded one came to; seed by seed the test errors, 0 … 1.
  struct Outcome: Codable, Sendable {
    var trainingError: Double
    var trainingLoss: Double
    var testErrors: [Double]
  }
  var name: String
  var setting: String
  var rate: Float
  /// The rates that were tried, and the mean validation error at each, in per cent.
  var rates: [Float]
  var validationErrors: [Double]
  /// Nil where the rate is the recorded one: then the recorded errors stand.
  var outcome: Outcome?

  /// In the way of the other trainings of the board.
  func entry(_ recorded: OwnDigits.Entry?) -> OwnDigits.Entry? {
    guard let outcome else { return recorded }
    let count = outcome.testErrors.count
    return OwnDigits.Entry(
      name: name, kind: recorded?.kind ?? .schedule, setting: setting, rate: rate,
      trainingErrors: Array(repeating: outcome.trainingError, count: count),
      trainingLosses: Array(repeating: outcome.trainingLoss, count: count), testErrors: outcome.testErrors)
  }
}

extension TunedTraining {
  static let constantRate = "constant rate"

  /// Early stopping at a rate that does not fall, and that rate alone: stopping early must not keep the rate from falling.
  private static let constant = [
    Restraint("early stopping", .stopping) {
      ($0.stopsEarly, $0.isConstant) = (true, true)
      $0.note = "patience ⅕, constant rate"
    },
    Restraint(constantRate, .schedule) {
      $0.isConstant = true
      $0.note = "no stopping"
    },
  ]

  /// Trains the bare net and what kept its rate at that rate and at its double, and goes on while an end of the rates is the
  /// best.
  ///
  /// - Parameters:
  ///   - entries: what was measured, the bare net first.
  ///   - known: what has been tuned.
  ///   - keep: is called with all that is there, after each.
  static func all(
    _ entries: [OwnDigits.Entry], _ draws: OwnDigits.Draws, jitter: ColorJitter, seeds: [UInt64],
    known: [TunedTraining] = [], report: () -> Void = {}, keeping keep: ([TunedTraining]) throws -> Void = { _ in }
  ) throws -> [TunedTraining] {
    let contestants = (Scoreboard.contestants(jitter: jitter) + OwnDigits.later).joined()
    var jobs = entries.filter { $0.rate == entries[0].rate && $0.kind != .stopping }.compactMap { entry in
      contestants.first { $0.name == entry.name && $0.setting == entry.setting }.map { ($0, entry) }
    }
    jobs.insert(contentsOf: constant.map { ($0, entries[0]) }, at: min(1, jobs.count))
    var tuned = known
    for (restraint, entry) in jobs where !tuned.contains(where: { $0.name == restraint.name }) {
      var tried: [(rate: Float, runs: [RestraintRun], error: Double)] = []
      func attempt(_ rate: Float) throws {
        let runs = try draws.runs([(restraint, rate)], seeds[...], report: report)[0]
        tried.append((rate, runs, 100 * Summary(runs.map(\.validationError)).mean))
        tried.sort { $0.rate < $1.rate }
      }
      try [entry.rate, 2 * entry.rate].forEach(attempt)
      func best() -> Int { tried.indices.min { tried[$0].error < tried[$1].error } ?? 0 }
      while [0, tried.count - 1].contains(best()) {
        let rate = best() == 0 ? tried[0].rate / 2 : 2 * tried[best()].rate
        guard (Scoreboard.allRates[0]...0.64).contains(rate) else { break }
        try attempt(rate)
      }
      let (rate, runs, _) = tried[best()]
      let isRecorded = rate == entry.rate && restraint.name == entry.name && restraint.setting == entry.setting
      tuned.append(
        TunedTraining(
          name: restraint.name, setting: restraint.setting, rate: rate, rates: tried.map(\.rate),
          validationErrors: tried.map { rounded($0.error, digits: 3) },
          outcome: isRecorded
            ? nil
            : Outcome(
              trainingError: rounded(Summary(runs.map(\.trainingError)).mean, digits: 3),
              trainingLoss: rounded(Summary(runs.map { $0.trainingLoss ?? .nan }).mean, digits: 3),
              testErrors: runs.map { rounded($0.testError, decimals: 4) })))
      try keep(tuned)
    }
    return tuned
  }
}

extension Regularization {
  /// The trainings that kept the bare net's rate at more rates, and bias and variance of some trainings.
  static func measureTuned(
    _ findings: inout Findings, _ digits: DigitSets, _ options: RegularizationOptions, _ run: ChapterRun,
    keeping keep: (Findings) throws -> Void = { _ in }
  ) throws {
    guard let own = findings.ownDigits else { return }
    let draws = OwnDigits.Draws(
      pool: try pool(beside: digits, options), digits: digits, count: own.digits, steps: own.steps)
    let (jitter, seeds) = (ColorJitter.fit(digits.halved.train), Array(run.seeds(quick: 2, normal: 10, full: 10)))
    if findings.digitParts == nil, options.part != .rates {
      let (all, shown) = (Scoreboard.contestants(jitter: jitter).joined(), findings.shown.entries)
      let settings = DigitParts.names.compactMap { name -> OwnDigits.Setting? in
        guard let found = shown.first(where: { $0.name == name }), let rate = found.rate else { return nil }
        return all.first { $0.name == name && $0.setting == found.setting }.map { ($0, rate) }
      }
      let ticker = Ticker(
        "bias and variance on digits", total: settings.count * OwnDigits.ensemble * seeds.count, run)
      defer { ticker.finish() }
      findings.digitParts = try DigitParts(settings, draws, seeds: seeds, starts: OwnDigits.ensemble) {
        ticker.tick()
      }
      try keep(findings)
    }
    guard options.part != .variance else { return }
    let entries = own.entries + (findings.later ?? [])
    let ticker = Ticker("rates with all seeds", total: 8 * 3 * seeds.count, run)
    defer { ticker.finish() }
    var kept = findings
    findings.tuned = try TunedTraining.all(
      entries, draws, jitter: jitter, seeds: seeds, known: findings.tuned ?? [], report: { ticker.tick() }
    ) {
      kept.tuned = $0
      try keep(kept)
    }
  }
}
