// The restraints that make sense on the two moons, and a net trained under one of them.

import Foundation
import Workbook

/// A restraint on the net of the two moons, at one strength.
struct MoonRestraint: Sendable {
  var name: String
  /// The strength as it is written: `λ = 0.01`.
  var setting: String
  var penalty = Penalty.none
  /// The largest norm of a unit's incoming weights.
  var normLimit: Double?
  /// The share of the hidden units that are dropped.
  var dropping: Float = 0
  /// The standard deviation of what is added to the points in training.
  var noise: Float = 0
  var hidden = 64
  var points = Moon.points
  /// The epoch after which training ends; nil: the last.
  var lastEpoch: Int?

  init(_ name: String, _ setting: String, _ change: (inout MoonRestraint) -> Void = { _ in }) {
    (self.name, self.setting) = (name, setting)
    change(&self)
  }

  /// Each restraint with the strengths that it may have; the first is none.
  static let candidates: [[MoonRestraint]] = [
    [MoonRestraint("nothing", "")],
    [0.001, 0.003, 0.01, 0.02, 0.03, 0.05, 0.1].map { lambda in
      MoonRestraint("L2", "λ = \(lambda)") { $0.penalty = .l2(Float(lambda)) }
    },
    [0.0003, 0.001, 0.002, 0.003, 0.005, 0.01, 0.03].map { lambda in
      MoonRestraint("L1", "λ = \(lambda)") { $0.penalty = .l1(Float(lambda)) }
    },
    [5, 10, 15, 20, 30, 40, 60, 100, 200].map { (epoch: Int) in
      MoonRestraint("early stopping", "after epoch \(epoch)") { $0.lastEpoch = epoch }
    },
    [0.1, 0.25, 0.5, 0.7].map { share in
      MoonRestraint("dropout", "p = \(share)") { $0.dropping = Float(share) }
    },
    [0.3, 0.5, 0.7, 1, 1.4, 2].map { limit in
      MoonRestraint("max-norm", "norm \(short(limit))") { $0.normLimit = limit }
    },
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.7].map { deviation in
      MoonRestraint("noise on the points", "σ = \(deviation)") { $0.noise = Float(deviation) }
    },
    [2, 4, 8, 16, 32].map { units in
      MoonRestraint("fewer units", "\(units) + \(units)") { $0.hidden = units }
    },
    [MoonRestraint("twice the points", "\(2 * Moon.points)") { $0.points = 2 * Moon.points }],
  ]
}

/// Noise added to each value in training: N(0, σ²), drawn anew in every pass; nothing in inference.
///
/// Shapes: any, unchanged.
struct AddedNoise: Layer {
  let deviation: Float
  private var noise = Tensor.empty

  init(_ deviation: Float) { self.deviation = deviation }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output.resize(to: input.shape)
    let isTraining = pass.mode == .training
    if isTraining {
      noise.resize(to: input.shape)
      noise.fillNormal(standardDeviation: deviation, using: &pass.generator)
    }
    input.withUnsafeElements { x in
      noise.withUnsafeElements { noise in
        output.withUnsafeMutableElements { y in
          for i in y.indices { y[i] = isTraining ? x[i] + noise[i] : x[i] }
        }
      }
    }
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    if inputGradient.isEmpty { return }
    outputGradient.withUnsafeElements { g in
      inputGradient.withUnsafeMutableElements { y in for i in y.indices { y[i] = g[i] } }
    }
  }
}

extension Moon {
  /// Trains the net of the moons under a restraint, for as many steps whatever the number of points.
  static func model(
    under restraint: MoonRestraint, epochs: Int, rate: Float, momentum: Float, seed: UInt64
  ) throws -> (model: Model, samples: TensorSamples) {
    let samples = Moons.samples(count: restraint.points, noise: noise, seed: seed)
    let hidden = restraint.hidden
    var layers: [any Layer] = restraint.noise > 0 ? [AddedNoise(restraint.noise)] : []
    for inputs in [2, hidden] {
      layers += [Dense(inputs, hidden, initializer: .heNormal), ReLU()]
      if restraint.dropping > 0 { layers.append(Dropout(dropping: restraint.dropping)) }
    }
    layers.append(Dense(hidden, 2))
    var trainer = Trainer(
      try Model(Sequential(layers), input: [2], seed: seed), loss: SoftmaxCrossEntropy(),
      optimizer: SGD(momentum: momentum), schedule: ConstantRate(rate), batchSize: 20, seed: seed)
    var observers = [restraint.penalty.hooks(rate: rate)]
    if let limit = restraint.normLimit { observers.append(TrainingHooks(stepEnded: { $0.constrainNorms(to: limit) })) }
    try trainer.trainResumably(
      on: samples, epochs: (restraint.lastEpoch ?? epochs) * points / restraint.points, observers: observers)
    return (trainer.model, samples)
  }
}
