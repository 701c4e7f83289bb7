// L1 and L2 penalties: what they do to one weight, to a boundary, and to inputs that mean nothing.

import Foundation
import Workbook

/// A penalty on the weights.
enum Penalty: Hashable, Codable, Sendable {
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
    case .none: 6
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

  /// How a penalty joins the training: in the gradients, or as a step of its own.
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
struct MoonRun: Codable, Sendable {
  /// Shares of points on the wrong side, 0 … 1.
  var trainingError: Double
  var validationError: Double
  var testError: Double
  /// How long the line p = ½ is; 0 with more than two inputs.
  var boundaryLength = 0.0
  /// The shares of all weights that are within 0.01 of 0, and exactly 0.
  var nearZero = 0.0
  var zeros = 0.0
  /// The root mean square of the first layer's weights, by input.
  var inputNorms: [Double]
  /// What is drawn of it; nil where it is not drawn.
  var drawing: Drawing?

  struct Drawing: Codable, Sendable {
    /// The probability of class 1 on a grid over `Moon.x` × `Moon.y`, lowest row first, to three decimals.
    var probabilities: [[Double]]
  }
}

/// The plane of the two moons.
enum Moon {
  static let x = -1.9...2.9
  static let y = -1.5...2.0
  /// The points to learn from, and how far they are off their moons.
  static let points = 40
  static let noise: Float = 0.35
  /// Of the training.
  static let momentum: Float = 0.9

  /// Trains a net of two hidden layers on a few noisy points.
  ///
  /// - Parameters:
  ///   - irrelevant: further inputs that are pure noise.
  static func train(
    _ penalty: Penalty, points: Int = 40, noise: Float = 0.35,
    irrelevant: Int = 0, hidden: Int = 64, epochs: Int = 300,
    rate: Float = 0.05, momentum: Float = Moon.momentum, grid: Int = 49, seed: UInt64
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
    func error(_ count: Int, _ draw: UInt64) -> Double {
      let unseen = Moons.samples(count: count, noise: noise, irrelevant: irrelevant, seed: seed &+ draw)
      return evaluate(trainer.model, on: unseen, loss: SoftmaxCrossEntropy()).error
    }
    let weights = trainer.model.parameters.filter { $0.parameter.decays }.map { $0.parameter.value.elements }
    let all = Array(weights.joined())
    func share(below limit: Float) -> Double { Double(all.count { abs($0) < limit }) / Double(max(1, all.count)) }
    let map = irrelevant == 0 ? probabilities(trainer.model, grid: grid) : []
    return MoonRun(
      trainingError: evaluate(trainer.model, on: samples, loss: SoftmaxCrossEntropy()).error,
      validationError: error(1000, 2_000_000), testError: error(2000, 1_000_000),
      boundaryLength: boundaryLength(map), nearZero: share(below: 0.01),
      zeros: Double(all.count { $0 == 0 }) / Double(max(1, all.count)),
      inputNorms: (0..<inputs).map { input in
        let column = (0..<hidden).map { Double(weights[0][$0 * inputs + input]) }
        return (column.reduce(0) { $0 + $1 * $1 } / Double(hidden)).squareRoot()
      },
      drawing: MoonRun.Drawing(probabilities: map.map { $0.map { rounded($0, decimals: 3) } }))
  }

  /// The weights of the net without biases.
  static func weightCount(hidden: Int = 64) -> Int { 2 * hidden + hidden * hidden + 2 * hidden }

  /// How long the line p = ½ is, on the grid: each pair of neighbours that it separates counts with their distance.
  private static func boundaryLength(_ probabilities: [[Double]]) -> Double {
    var length = 0.0
    let (height, width) = (probabilities.count, probabilities.first?.count ?? 0)
    let (dx, dy) = (
      (x.upperBound - x.lowerBound) / Double(max(1, width - 1)),
      (y.upperBound - y.lowerBound) / Double(max(1, height - 1))
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

  /// The probability of class 1 over the plane.
  static func probabilities(_ model: Model, grid: Int) -> [[Double]] {
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
