// A residual connection with a factor on its branch: how the signal grows with depth, and what learns.

import Foundation
import Workbook

/// y = x + α·F(x): a residual connection without anything behind the sum.
struct ScaledResidual: Layer {
  /// F.
  var branch: Sequential
  /// α.
  let scale: Float
  private var branchOutput = Tensor.empty
  private var branchGradient = Tensor.empty
  private var scaledGradient = Tensor.empty

  init(_ branch: Sequential, scale: Float) {
    self.branch = branch
    self.scale = scale
  }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try branch.outputShape(for: input)
  }

  mutating func initialize(using generator: inout SeededGenerator) {
    branch.initialize(using: &generator)
  }

  /// y = x + α·F(x).
  mutating func forward(
    _ input: Tensor, into output: inout Tensor, in pass: inout Pass
  ) {
    branch.forward(input, into: &branchOutput, in: &pass)
    add(input, branchOutput, times: scale, into: &output)
  }

  /// ∂L/∂x = g + α·F′(x)ᵀg: whatever F does, g itself arrives.
  mutating func backward(
    _ g: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    add(Tensor(zeros: g.shape), g, times: scale, into: &scaledGradient)
    branchGradient.resize(to: input.shape)
    branch.backward(
      scaledGradient, input: input, output: branchOutput, into: &branchGradient)
    add(g, branchGradient, times: 1, into: &inputGradient)
  }

  mutating func visitParameters(
    _ visit: (String, inout Parameter) throws -> Void
  ) rethrows {
    try branch.visitParameters(visit)
  }
}

/// c = a + factor·b, element by element.
private func add(_ a: Tensor, _ b: Tensor, times factor: Float, into c: inout Tensor) {
  c.resize(to: a.shape)
  c.withUnsafeMutableElements { c in
    a.withUnsafeElements { a in
      b.withUnsafeElements { b in
        for i in 0..<c.count { c[i] = a[i] + factor * b[i] }
      }
    }
  }
}

/// F: ReLU, dense, ReLU, dense, with He's weights: as large as its input.
func branch(width: Int) -> Sequential {
  Sequential([
    "relu1": ReLU(), "fc1": Dense(width, width, initializer: .heNormal), "relu2": ReLU(),
    "fc2": Dense(width, width, initializer: .heNormal),
  ])
}

/// The root mean square of the signal behind every block, relative to the input; nothing is trained.
func signalGrowth(scale: Float, blocks: Int, width: Int = 64, samples: Int = 64, seed: UInt64) -> [Double] {
  var generator = SeededGenerator(seed: seed, stream: 12)
  var x = Tensor(zeros: [samples, width])
  x.fillNormal(standardDeviation: 1, using: &generator)
  let start = norm(x)
  return (0..<blocks).map { _ in
    var block = ScaledResidual(branch(width: width), scale: scale)
    block.initialize(using: &generator)
    x = block.forward(x)
    return norm(x) / start
  }
}

/// Two spirals wound into each other, `turns` times around: a task in the plane that one hidden layer finds hard.
func spirals(count: Int, turns: Double = 2, seed: UInt64) -> TensorSamples {
  var generator = SeededGenerator(seed: seed, stream: 14)
  var (points, labels): ([Float], [Int]) = ([], [])
  for index in 0..<count {
    let (along, label) = (Double(generator.nextUniform(in: 0...1)).squareRoot(), index % 2)
    let angle = 2 * Double.pi * turns * along + (label == 1 ? Double.pi : 0)
    let radius = 1.7 * along
    points += [
      Float(radius * cos(angle)) + 0.02 * generator.nextNormal(),
      Float(radius * sin(angle)) + 0.02 * generator.nextNormal(),
    ]
    labels.append(label)
  }
  return TensorSamples(
    name: "two spirals", inputs: Tensor([count, 2], points), labels: labels, classCount: 2)
}

/// What a scaled residual net learns, each at the best of several rates.
struct ScaledTraining: Codable, Sendable {
  var scale: Float
  /// The rate with the fewest mistakes on the points it learned from.
  var rate: Float
  /// The share of new points wrong after training, in per cent; 50 (a guess) where the training diverged.
  var errors: Summary
  /// The same on the points it learned from.
  var trainingErrors: Summary
  var diverged: Int
}

extension ScaledTraining {
  /// Trains once for each rate and seed.
  init(
    scale: Float, rates: [Float], blocks: Int, width: Int = 32, count: Int, epochs: Int, seeds: [UInt64]
  ) throws {
    self.scale = scale
    var layers: [any Layer] = [Dense(2, width, initializer: .heNormal)]
    for _ in 0..<blocks { layers.append(ScaledResidual(branch(width: width), scale: scale)) }
    layers += [ReLU(), Dense(width, 2, initializer: .heNormal)] as [any Layer]
    let network = Sequential(layers)
    let runs = try inParallel(rates.count * seeds.count) { index -> (training: Double, test: Double)? in
      let (rate, seed) = (rates[index / seeds.count], seeds[index % seeds.count])
      let (data, test) = (spirals(count: count, seed: seed), spirals(count: 1_000, seed: seed &+ 1_000))
      var trainer = Trainer(
        try Model(network, input: [2], seed: seed), loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9),
        schedule: CosineDecay(rate, over: epochs), batchSize: 32, seed: seed)
      do {
        try trainer.trainResumably(on: data, epochs: epochs)
      } catch is Divergence { return nil }
      func error(_ data: TensorSamples) -> Double {
        100 * evaluate(trainer.model, on: data, loss: SoftmaxCrossEntropy()).error
      }
      return (error(data), error(test))
    }
    let bySeed = rates.indices.map { Array(runs[$0 * seeds.count..<($0 + 1) * seeds.count]) }
    let means = bySeed.map { Summary($0.map { $0?.training ?? 50 }).mean }
    let best = means.indices.min { means[$0] < means[$1] } ?? 0
    rate = rates[best]
    errors = Summary(bySeed[best].map { $0?.test ?? 50 })
    trainingErrors = Summary(bySeed[best].map { $0?.training ?? 50 })
    diverged = bySeed[best].count { $0 == nil }
  }
}
