// Factors on the branches of a net without normalization, each at a rate of its own.

import Foundation
import Workbook

/// What residual nets without normalization learn with several factors α on their branches.
struct BranchFactors: Codable, Sendable {
  var blocks: Int
  var epochs: Int
  /// Points to learn from.
  var count: Int
  var rows: [Row]
  /// α = 1 trained ten times as long, at the rate it has; nil in older records.
  var longer: Longer?

  struct Longer: Codable, Sendable {
    var epochs: Int
    var errors: Summary
    var trainingErrors: Summary
  }

  struct Row: Codable, Sendable {
    /// α.
    var scale: Float
    /// Whether the last layer's initial weights are divided by what the signal has grown to, √(1 + α²)ᴸ.
    var dividesHead: Bool
    /// The rates tried, the smallest first, with the share of points kept back that is wrong, in percent.
    var tried: [Tried]
    /// At the best of them: new points wrong, in percent; 50 (a guess) where the training diverged.
    var errors: Summary
    /// The same on the points it learned from.
    var trainingErrors: Summary
    var diverged: Int
    /// ‖αF(x)‖/‖x‖, mean over the blocks, before training and after it.
    var before: Summary
    var after: Summary

    var rate: Double { tried.min { ($0.kept.mean, $0.rate) < ($1.kept.mean, $1.rate) }?.rate ?? .nan }
    /// Whether worse rates lie on both sides.
    var isBracketed: Bool { rate != tried.first?.rate && rate != tried.last?.rate }
  }

  struct Tried: Codable, Sendable {
    var rate: Double
    var kept: Summary
  }

  /// The row of a factor.
  func row(_ scale: Float, dividesHead: Bool = false) -> Row? {
    rows.first { $0.scale == scale && $0.dividesHead == dividesHead }
  }
}

extension BranchFactors {
  static let grid: [Double] = [
    1e-7, 3e-7, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1,
  ]

  /// Chooses rates by points kept back, with seeds of their own, and trains with others.
  init(blocks: Int, count: Int, epochs: Int, seeds: [UInt64], report: (String) -> Void) throws {
    (self.blocks, self.count, self.epochs, rows) = (blocks, count, epochs, [])
    let trial = seeds.prefix(4).map { $0 &+ 100 }
    for (scale, dividesHead, start) in [
      (0, false, 11), (1 / Float(blocks), false, 10), (ScalingFindings.root(blocks), false, 10), (0.5, false, 7),
      (1, false, 3), (1, true, 4),
    ] as [(Float, Bool, Int)] {
      report("α = \(scale)")
      let net = FactorNet(scale: scale, blocks: blocks, dividesHead: dividesHead)
      var tried: [Tried] = []
      while let rate = ratesToTry(
        of: Self.grid, from: start..<start + 3, tried: tried.map { ($0.rate, $0.kept.mean) }
      ).first {
        let found = try inParallel(trial.count) { try net.train(rate, count: count, epochs: epochs, seed: trial[$0]) }
        tried.append(Tried(rate: rate, kept: Summary(found.map { $0?.test ?? 50 })))
        tried.sort { $0.rate < $1.rate }
      }
      var row = Row(
        scale: scale, dividesHead: dividesHead, tried: tried, errors: Summary([]), trainingErrors: Summary([]),
        diverged: 0, before: Summary([]), after: Summary([]))
      let found = try inParallel(seeds.count) {
        try net.train(row.rate, count: count, epochs: epochs, seed: seeds[$0])
      }
      row.errors = Summary(found.map { $0?.test ?? 50 })
      row.trainingErrors = Summary(found.map { $0?.training ?? 50 })
      row.diverged = found.count { $0 == nil }
      row.before = Summary(found.compactMap { $0?.before })
      row.after = Summary(found.compactMap { $0?.after })
      rows.append(row)
    }
  }

  /// Gives α = 1 ten times as long.
  mutating func trainLonger(seeds: [UInt64]) throws {
    guard let rate = row(1)?.rate else { return }
    let (net, count, long) = (FactorNet(scale: 1, blocks: blocks, dividesHead: false), count, 10 * epochs)
    let found = try inParallel(seeds.count) { try net.train(rate, count: count, epochs: long, seed: seeds[$0]) }
    longer = Longer(
      epochs: long, errors: Summary(found.map { $0?.test ?? 50 }),
      trainingErrors: Summary(found.map { $0?.training ?? 50 }))
  }
}

/// A residual net without normalization for points in the plane.
struct FactorNet: Sendable {
  var scale: Float
  var blocks: Int
  var dividesHead: Bool
  let width = 32

  /// What one training comes to: shares wrong in percent, and the size of the branches over what they are added to.
  struct Outcome {
    var training: Double
    var test: Double
    var before: Double
    var after: Double
  }

  func model(seed: UInt64) throws -> Model {
    var layers: [any Layer] = [Dense(2, width, initializer: .heNormal)]
    for _ in 0..<blocks { layers.append(ScaledResidual(branch(width: width), scale: scale)) }
    layers += [ReLU(), Dense(width, 2, initializer: .heNormal)] as [any Layer]
    var model = try Model(Sequential(layers), input: [2], seed: seed)
    if dividesHead {
      let growth = pow(1 + scale * scale, Float(blocks) / 2)
      model.visitParameters { name, parameter in
        guard name == "\(blocks + 2).weight" else { return }
        parameter.value.withUnsafeMutableElements { weights in
          for i in 0..<weights.count { weights[i] /= growth }
        }
      }
    }
    return model
  }

  /// Trains once; nil where it leaves the numbers.
  func train(_ rate: Double, count: Int, epochs: Int, seed: UInt64) throws -> Outcome? {
    let (data, test) = (spirals(count: count, seed: seed), spirals(count: 1_000, seed: seed &+ 1_000))
    var trainer = Trainer(
      try model(seed: seed), loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9),
      schedule: CosineDecay(Float(rate), over: epochs), batchSize: 32, seed: seed)
    let before = share(of: trainer.model, on: data)
    do {
      try trainer.trainResumably(on: data, epochs: epochs)
    } catch is Divergence { return nil }
    func error(_ data: TensorSamples) -> Double {
      100 * evaluate(trainer.model, on: data, loss: SoftmaxCrossEntropy()).error
    }
    return Outcome(training: error(data), test: error(test), before: before, after: share(of: trainer.model, on: data))
  }

  /// ‖αF(x)‖/‖x‖, mean over the blocks.
  private func share(of model: Model, on data: TensorSamples) -> Double {
    var (x, shares) = (data.inputs, [Double]())
    for entry in model.layers.entries {
      var layer = entry.layer
      let y = layer.forward(x, mode: .inference)
      if layer is ScaledResidual {
        var difference = y
        x.withUnsafeElements { x in
          difference.withUnsafeMutableElements { d in for i in 0..<d.count { d[i] -= x[i] } }
        }
        shares.append(norm(difference) / norm(x))
      }
      x = y
    }
    return Summary(shares).mean
  }
}
