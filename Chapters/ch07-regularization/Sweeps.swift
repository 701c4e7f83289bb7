// Penalties of many strengths, and inputs that mean nothing: two moons learned again and again.

import Foundation
import Workbook

/// Penalties of many strengths, each with several seeds.
struct PenaltySweep: Codable, Sendable {
  /// The strengths, the first of them 0.
  var lambdas: [Float]
  /// [L2, L1][strength][seed]; some of those of the first seed can be drawn.
  var runs: [[[MoonRun]]]

  /// Takes runs that are done.
  init(lambdas: [Float], runs: [[[MoonRun]]]) { (self.lambdas, self.runs) = (lambdas, runs) }

  init(
    lambdas: [Float], points: Int = Moon.points, epochs: Int = 300, seeds: [UInt64], report: () -> Void = {}
  ) throws {
    self.lambdas = lambdas
    let penalties = [lambdas.map { $0 == 0 ? Penalty.none : .l2($0) }, lambdas.dropFirst().map { .l1($0) }]
    let all = try penalties.map { penalties in
      try trainAll(penalties, seeds, report) { penalty, seed in
        var run = try Moon.train(penalty, points: points, epochs: epochs, seed: seed)
        if seed != seeds[0] { run.drawing = nil }
        return run
      }
    }
    // Without a penalty both are the same nets.
    runs = [all[0], [all[0][0]] + all[1]]
    // Kept is what the page draws: three lines under L2.
    let drawn = [0, best(0), lambdas.count - 1]
    for (kind, strength) in [0, 1].flatMap({ kind in lambdas.indices.map { (kind, $0) } })
    where kind == 1 || !drawn.contains(strength) {
      // Without a penalty both kinds are the same nets.
      runs[kind][strength][0].drawing = nil
    }
  }

  /// What `measure` takes from the runs, for each strength of L2 (0) or L1 (1).
  func summaries(_ kind: Int, _ measure: (MoonRun) -> Double) -> [Summary] {
    runs[kind].map { Summary($0.map(measure)) }
  }

  /// The strength with the smallest mean error on points set aside for choosing it; 0 is none of them.
  func best(_ kind: Int) -> Int {
    let errors = summaries(kind, \.validationError)
    return errors.indices.dropFirst().min { errors[$0].mean < errors[$1].mean } ?? 0
  }

  /// By how many points that strength lowers the test error, seed by seed.
  func gain(_ kind: Int) -> Summary {
    Summary(zip(runs[kind][0], runs[kind][best(kind)]).map { 100 * ($0.testError - $1.testError) })
  }
}

/// Two inputs that matter among many that do not.
struct InputSelection: Codable, Sendable {
  /// None, L2, L1 and L1 by soft threshold, each with the strength that it was trained with.
  var penalties: [Penalty]
  /// [penalty][seed].
  var runs: [[MoonRun]]

  /// What L2 and L1 came to at each strength that they chose among; nil where none was chosen.
  var trials: [[Trial]]?

  /// Nets under one penalty, by which its strength was chosen.
  struct Trial: Codable, Sendable {
    var penalty: Penalty
    /// On the points set aside, in per cent.
    var error: Summary
    /// How many times the weights of noise the weaker real input has.
    var contrast: Summary
  }

  /// Takes runs that are done.
  init(_ penalties: [Penalty], runs: [[MoonRun]]) { (self.penalties, self.runs) = (penalties, runs) }

  /// The strengths that L2 and L1 choose among, each for itself, on points set aside.
  static let strengths: [[Float]] = [
    [0.003, 0.01, 0.03, 0.05, 0.07, 0.1, 0.2, 0.3], [0.001, 0.003, 0.006, 0.01, 0.015, 0.03, 0.06],
  ]

  /// - Parameters:
  ///   - trials: what has been tried before; else so many seeds choose.
  ///   - choosing: the seeds that choose.
  init(
    irrelevant: Int = 18, points: Int = 400, epochs: Int = 250, seeds: [UInt64], choosing: [UInt64],
    trials: [[Trial]]? = nil, report: () -> Void = {}
  ) throws {
    func runs(_ penalties: [Penalty], _ seeds: [UInt64]) throws -> [[MoonRun]] {
      try trainAll(penalties, seeds, report) { penalty, seed in
        var run = try Moon.train(
          penalty, points: points, noise: 0.15, irrelevant: irrelevant, hidden: 32, epochs: epochs, rate: 0.1,
          momentum: 0, seed: seed)
        run.drawing = nil
        return run
      }
    }
    let tried =
      try trials
      ?? zip([Penalty.l2, Penalty.l1], Self.strengths).map { kind, strengths in
        let penalties = strengths.map(kind)
        let all = InputSelection(penalties, runs: try runs(penalties, choosing))
        return penalties.indices.map { index in
          Trial(
            penalty: penalties[index], error: Summary(all.runs[index].map { 100 * $0.validationError }),
            contrast: all.contrast(index))
        }
      }
    let best = tried.map { trials in trials.min { $0.error.mean < $1.error.mean }?.penalty.lambda ?? 0 }
    penalties = [.none, .l2(best[0]), .l1(best[1]), .softThreshold(best[1])]
    self.runs = try runs(penalties, seeds)
    self.trials = tried
  }

  /// The trial of L2 that tells the real inputs best from the noise, where that is another strength than the best one and
  /// more than twice as good at it.
  var otherL2: Trial? {
    guard let tried = trials?[0], let best = tried.min(by: { $0.error.mean < $1.error.mean }),
      let other = tried.max(by: { $0.contrast.mean < $1.contrast.mean }),
      other.contrast.mean > 2 * best.contrast.mean
    else { return nil }
    return other
  }

  /// The strengths that a penalty was chosen among.
  private func strengthsTried(_ index: Int) -> [Float] {
    let place = min(index, 2) - 1
    return trials.map { $0[place].map(\.penalty.lambda) } ?? Self.strengths[place]
  }

  /// Whether a penalty's strength is an end of those tried, so that there may be a better one beyond it.
  func isAtAnEnd(_ index: Int) -> Bool {
    let tried = strengthsTried(index)
    return [tried.first, tried.last].contains(penalties[index].lambda)
  }

  /// The error in per cent from which on a net of two classes only guesses.
  static let guessing = 45.0

  /// How many of the nets under a penalty only guess.
  func collapsed(_ index: Int) -> Int { testError(index).values.count { $0 > Self.guessing } }

  /// How many nets ``init(irrelevant:points:epochs:seeds:choosing:trials:report:)`` trains.
  static func count(seeds: Int, choosing: Int) -> Int { strengths.joined().count * choosing + 4 * seeds }

  /// Test errors in per cent.
  func testError(_ index: Int) -> Summary { Summary(runs[index].map { 100 * $0.testError }) }

  /// By how many points a penalty lowers the test error of the net without one, seed by seed.
  func gain(_ index: Int) -> Summary { testError(0) - testError(index) }

  /// The share of the weights that are exactly 0, and that within 0.01 of it.
  func zeros(_ index: Int) -> Summary { Summary(runs[index].map(\.zeros)) }
  func nearZero(_ index: Int) -> Summary { Summary(runs[index].map(\.nearZero)) }

  /// How many times larger the weights of one real input (0 or 1) are than those of an input of noise on average.
  func contrast(_ index: Int, input: Int) -> Summary {
    Summary(
      runs[index].map { run in
        let noise = run.inputNorms.dropFirst(2)
        return run.inputNorms[input] / max(1e-12, noise.reduce(0, +) / Double(max(1, noise.count)))
      })
  }

  /// The same of the real input that has less of it.
  func contrast(_ index: Int) -> Summary {
    Summary(zip(contrast(index, input: 0).values, contrast(index, input: 1).values).map(min))
  }

  /// Whether both real inputs have larger weights than every input of noise, for each seed.
  func separations(_ index: Int) -> [Bool] {
    runs[index].map { run in
      (run.inputNorms.prefix(2).min() ?? 0) > (run.inputNorms.dropFirst(2).max() ?? 0)
    }
  }

  /// In how many runs they have.
  func separated(_ index: Int) -> Int { separations(index).count { $0 } }
}

/// Trains a net under each penalty with each seed: [penalty][seed].
private func trainAll(
  _ penalties: [Penalty], _ seeds: [UInt64], _ report: () -> Void, _ train: (Penalty, UInt64) throws -> MoonRun
) throws -> [[MoonRun]] {
  let all = try inParallel(penalties.count * seeds.count) { index in
    report()
    return try train(penalties[index / seeds.count], seeds[index % seeds.count])
  }
  return penalties.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
}
