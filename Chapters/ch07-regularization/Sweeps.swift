// Penalties of many strengths, and inputs that mean nothing: two moons learned again and again.

import Foundation
import Workbook

/// Penalties of many strengths, each with several seeds.
struct PenaltySweep: Codable, Sendable {
  /// The strengths, the first of them 0.
  var lambdas: [Float]
  /// [L2, L1][strength][seed]; those of the first seed can be drawn.
  var runs: [[[MoonRun]]]

  /// Takes runs that are done.
  init(lambdas: [Float], runs: [[[MoonRun]]]) {
    self.lambdas = lambdas
    self.runs = runs
  }

  init(
    lambdas: [Float], points: Int = Moon.points, epochs: Int = 300, seeds: [UInt64], report: () -> Void = {}
  ) throws {
    self.lambdas = lambdas
    let kinds: [(Float) -> Penalty] = [Penalty.l2, Penalty.l1]
    let (strengths, repeats) = (lambdas.count, seeds.count)
    let all = try inParallel(2 * strengths * repeats) { index in
      report()
      let lambda = lambdas[index / repeats % strengths]
      let penalty = lambda == 0 ? Penalty.none : kinds[index / repeats / strengths](lambda)
      var run = try Moon.train(penalty, points: points, epochs: epochs, seed: seeds[index % repeats])
      if index % repeats > 0 { run.drawing = nil }
      // Of L1 no boundary is drawn.
      if index / repeats / strengths == 1 { run.drawing?.probabilities = [] }
      return run
    }
    runs = (0..<2).map { kind in
      (0..<strengths).map { strength in
        Array(all[(kind * strengths + strength) * repeats..<(kind * strengths + strength + 1) * repeats])
      }
    }
  }

  /// What `measure` takes from the runs, for each strength of L2 (0) or L1 (1).
  func summaries(_ kind: Int, _ measure: (MoonRun) -> Double) -> [Summary] {
    runs[kind].map { Summary($0.map(measure)) }
  }

  /// The strength with the smallest mean test error. It is chosen on the test points: good enough to compare shapes.
  func best(_ kind: Int) -> Int {
    let errors = summaries(kind, \.testError)
    return errors.indices.min { errors[$0].mean < errors[$1].mean } ?? 0
  }
}

/// Two inputs that matter among many that do not.
struct InputSelection: Codable, Sendable {
  /// [penalty][seed].
  var runs: [[MoonRun]]

  /// Takes runs that are done.
  init(runs: [[MoonRun]]) { self.runs = runs }

  init(
    _ penalties: [Penalty], irrelevant: Int = 18, points: Int = 400, epochs: Int = 250, seeds: [UInt64],
    report: () -> Void = {}
  ) throws {
    let all = try inParallel(penalties.count * seeds.count) { index in
      report()
      var run = try Moon.train(
        penalties[index / seeds.count], points: points, noise: 0.15, irrelevant: irrelevant, hidden: 32,
        epochs: epochs, rate: 0.1, momentum: 0, seed: seeds[index % seeds.count])
      run.drawing = nil
      return run
    }
    runs = penalties.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
  }

  /// The mean over the seeds of each input's weights.
  func norms(_ index: Int) -> [Double] {
    runs[index][0].inputNorms.indices.map { input in
      runs[index].reduce(0) { $0 + $1.inputNorms[input] } / Double(runs[index].count)
    }
  }

  /// The share of the inputs of pure noise whose weights are all but 0: below a hundredth, root mean square.
  func silenced(_ index: Int) -> Summary {
    Summary(
      runs[index].map { run in
        let noise = run.inputNorms.dropFirst(2)
        return Double(noise.count { $0 < 0.01 }) / Double(max(1, noise.count))
      })
  }

  /// How many times larger the weights of one real input (0 or 1) are than those of an input of noise on average.
  func contrast(_ index: Int, input: Int) -> Summary {
    Summary(
      runs[index].map { run in
        let noise = run.inputNorms.dropFirst(2)
        return run.inputNorms[input] / max(1e-12, noise.reduce(0, +) / Double(max(1, noise.count)))
      })
  }

  /// Whether both real inputs have larger weights than every input of noise, for each seed.
  func separations(_ index: Int) -> [Bool] {
    runs[index].map { run in
      (run.inputNorms.prefix(2).min() ?? 0) > (run.inputNorms.dropFirst(2).max() ?? 0)
    }
  }

  /// In how many runs they have.
  func separated(_ index: Int) -> Int { separations(index).count { $0 } }

  /// How many times larger the weights of the two inputs that matter are than those of the others.
  func contrast(_ index: Int) -> Summary {
    Summary(
      runs[index].map { run in
        let (real, noise) = (run.inputNorms.prefix(2), run.inputNorms.dropFirst(2))
        return (real.reduce(0, +) / 2) / max(1e-12, noise.reduce(0, +) / Double(max(1, noise.count)))
      })
  }
}
