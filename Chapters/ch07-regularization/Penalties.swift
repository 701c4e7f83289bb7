// L1 and L2 penalties: what they do to one weight, to a boundary, and to inputs that mean nothing.

import Foundation
import Workbook

/// A penalty on the weights.
enum Penalty: Hashable, Sendable {
  case none
  /// λ·Σ|w|.
  case l1(Float)
  /// ½·λ·Σw².
  case l2(Float)
  /// λ·Σ|w| by soft thresholding after each step, which makes weights exactly 0.
  case softThreshold(Float)

  var name: String {
    switch self {
    case .none: "no penalty"
    case .l1: "L1"
    case .l2: "L2"
    case .softThreshold: "L1, soft threshold"
    }
  }

  /// Equal colours in all figures.
  var color: Int {
    switch self {
    case .none: 5
    case .l2: 0
    case .l1: 1
    case .softThreshold: 2
    }
  }

  var lambda: Float {
    switch self {
    case .none: 0
    case .l1(let lambda), .l2(let lambda), .softThreshold(let lambda): lambda
    }
  }

  // snippet: penalty
  /// What puts the penalty into a training: into its gradients, or as a step of its own.
  func hooks(rate: Float) -> TrainingHooks {
    switch self {
    case .none: TrainingHooks()
    case .l1(let lambda):
      TrainingHooks(gradientsReady: { $0.addPenalty(l1: lambda) })
    case .l2(let lambda):
      TrainingHooks(gradientsReady: { $0.addPenalty(l2: lambda) })
    case .softThreshold(let lambda):
      TrainingHooks(stepEnded: { shrink(&$0, by: rate * lambda) })
    }
  }
  // snippet.end
}

// snippet: shrink
/// Moves every weight by `amount` towards 0, and no further than 0.
func shrink(_ model: inout Model, by amount: Float) {
  model.visitParameters { _, parameter in
    guard parameter.decays else { return }
    parameter.value.withUnsafeMutableElements { w in
      for i in w.indices {
        w[i] = w[i] > amount ? w[i] - amount : w[i] < -amount ? w[i] + amount : 0
      }
    }
  }
}
// snippet.end

/// Where the loss ½·h·(w − w₀)² plus a penalty has its minimum.
///
/// L2: w = w₀·h/(h + λ), a smaller share of w₀. L1: |w₀| less λ/h, and 0 where nothing is left.
func minimizer(of best: Double, curvature: Double = 1, penalty: Penalty) -> Double {
  let lambda = Double(penalty.lambda)
  switch penalty {
  case .none: return best
  case .l2: return best * curvature / (curvature + lambda)
  case .l1, .softThreshold:
    return best > 0 ? max(0, best - lambda / curvature) : min(0, best + lambda / curvature)
  }
}

/// A network that has learned two moons.
struct MoonRun: Sendable {
  var penalty: Penalty
  /// Shares of points on the wrong side, 0 … 1.
  var trainingError: Double
  var testError: Double
  /// The probability of class 1 on a grid over `Moon.x` × `Moon.y`, lowest row first; empty with more than two inputs.
  var probabilities: [[Double]]
  /// All weights, by layer.
  var weights: [[Float]]
  /// The root mean square of the first layer's weights, by input.
  var inputNorms: [Double]

  /// How long the line p = ½ is, on the grid: each pair of neighbours that it separates counts with their distance.
  var boundaryLength: Double {
    var length = 0.0
    let (height, width) = (probabilities.count, probabilities.first?.count ?? 0)
    let (dx, dy) = (
      (Moon.x.upperBound - Moon.x.lowerBound) / Double(max(1, width - 1)),
      (Moon.y.upperBound - Moon.y.lowerBound) / Double(max(1, height - 1))
    )
    for j in 0..<height {
      for i in 0..<width {
        let p = probabilities[j][i] > 0.5
        if i + 1 < width, p != (probabilities[j][i + 1] > 0.5) { length += dy }
        if j + 1 < height, p != (probabilities[j + 1][i] > 0.5) { length += dx }
      }
    }
    return length
  }

  /// The share of all weights that are smaller than `limit`.
  func share(below limit: Float) -> Double {
    let all = weights.joined()
    return Double(all.count { abs($0) < limit }) / Double(max(1, all.count))
  }
}

/// The plane of the two moons.
enum Moon {
  static let x = -1.9...2.9
  static let y = -1.5...2.0

  // snippet: trainOnMoons
  /// Trains a net of two hidden layers on a few noisy points.
  ///
  /// - Parameter irrelevant: further inputs that are pure noise.
  static func train(
    _ penalty: Penalty, points: Int = 40, noise: Float = 0.35,
    irrelevant: Int = 0, hidden: Int = 64, epochs: Int = 300,
    rate: Float = 0.05, momentum: Float = 0.9, grid: Int = 49, seed: UInt64
  ) throws -> MoonRun {
    let samples = Moons.samples(
      count: points, noise: noise, irrelevant: irrelevant, seed: seed)
    let inputs = 2 + irrelevant
    let model = try Model(
      Sequential([
        Dense(inputs, hidden, initializer: .heNormal), ReLU(),
        Dense(hidden, hidden, initializer: .heNormal), ReLU(), Dense(hidden, 2),
      ]), input: [inputs], seed: seed)
    var trainer = Trainer(
      model, loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: momentum),
      schedule: ConstantRate(rate), batchSize: 20, seed: seed)
    try trainer.trainResumably(
      on: samples, epochs: epochs, observers: [penalty.hooks(rate: rate)])
    // snippet.end
    let test = Moons.samples(count: 2000, noise: noise, irrelevant: irrelevant, seed: seed &+ 1_000_000)
    let weights = trainer.model.parameters.filter { $0.parameter.decays }.map { $0.parameter.value.elements }
    return MoonRun(
      penalty: penalty,
      trainingError: evaluate(trainer.model, on: samples, loss: SoftmaxCrossEntropy()).error,
      testError: evaluate(trainer.model, on: test, loss: SoftmaxCrossEntropy()).error,
      probabilities: irrelevant == 0 ? probabilities(trainer.model, grid: grid) : [], weights: weights,
      inputNorms: (0..<inputs).map { input in
        let column = (0..<hidden).map { Double(weights[0][$0 * inputs + input]) }
        return (column.reduce(0) { $0 + $1 * $1 } / Double(hidden)).squareRoot()
      })
  }

  /// The probability of class 1 over the plane.
  private static func probabilities(_ model: Model, grid: Int) -> [[Double]] {
    var points: [Float] = []
    for j in 0..<grid {
      for i in 0..<grid {
        points.append(Float(x.lowerBound + (x.upperBound - x.lowerBound) * Double(i) / Double(grid - 1)))
        points.append(Float(y.lowerBound + (y.upperBound - y.lowerBound) * Double(j) / Double(grid - 1)))
      }
    }
    var model = model
    let logits = model.forward(Tensor([grid * grid, 2], points)).elements
    return (0..<grid).map { j in
      (0..<grid).map { i in
        let place = 2 * (j * grid + i)
        return 1 / (1 + exp(Double(logits[place] - logits[place + 1])))
      }
    }
  }
}

/// Penalties of many strengths, each with several seeds.
struct PenaltySweep: Sendable {
  /// The strengths, the first of them 0.
  var lambdas: [Float]
  /// [L2, L1][strength][seed].
  var runs: [[[MoonRun]]] = []

  init(
    lambdas: [Float], points: Int = 40, epochs: Int = 300, seeds: [UInt64], report: () -> Void = {}
  ) throws {
    self.lambdas = lambdas
    let kinds: [(Float) -> Penalty] = [Penalty.l2, Penalty.l1]
    let (strengths, repeats) = (lambdas.count, seeds.count)
    let all = try inParallel(2 * strengths * repeats) { index in
      report()
      let lambda = lambdas[index / repeats % strengths]
      let penalty = lambda == 0 ? Penalty.none : kinds[index / repeats / strengths](lambda)
      return try Moon.train(penalty, points: points, epochs: epochs, seed: seeds[index % repeats])
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
struct InputSelection: Sendable {
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
      return try Moon.train(
        penalties[index / seeds.count], points: points, noise: 0.15, irrelevant: irrelevant, hidden: 32,
        epochs: epochs, rate: 0.1, momentum: 0, seed: seeds[index % seeds.count])
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

  /// In how many runs both real inputs have larger weights than every input of noise.
  func separated(_ index: Int) -> Int {
    runs[index].count { run in
      (run.inputNorms.prefix(2).min() ?? 0) > (run.inputNorms.dropFirst(2).max() ?? 0)
    }
  }

  /// How many times larger the weights of the two inputs that matter are than those of the others.
  func contrast(_ index: Int) -> Summary {
    Summary(
      runs[index].map { run in
        let (real, noise) = (run.inputNorms.prefix(2), run.inputNorms.dropFirst(2))
        return (real.reduce(0, +) / 2) / max(1e-12, noise.reduce(0, +) / Double(max(1, noise.count)))
      })
  }
}
