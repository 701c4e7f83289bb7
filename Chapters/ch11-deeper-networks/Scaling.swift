// A residual connection with a factor on its branch: how the signal grows with depth, and what learns.

import Foundation
import Workbook

// snippet: ScaledResidual
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
// snippet.end

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

/// What a scaled residual net learns: the training loss of its last epoch; nil where it diverged.
struct ScaledTraining: Codable, Sendable {
  var scale: Float
  /// The share of training images wrong in the last epoch, in per cent; 90 (a guess) where the training diverged.
  var errors: Summary
  var diverged: Int
}

extension ScaledTraining {
  /// Trains once for each seed.
  init(scale: Float, blocks: Int, width: Int = 32, data: Dataset, epochs: Int, seeds: [UInt64]) throws {
    self.scale = scale
    var (values, failures) = ([Double](), 0)
    for seed in seeds {
      var layers: [any Layer] = [
        MaxPool(4), Flatten(), Dense(49, width, initializer: .heNormal),
      ]
      for _ in 0..<blocks { layers.append(ScaledResidual(branch(width: width), scale: scale)) }
      layers += [ReLU(), Dense(width, 10, initializer: .heNormal)] as [any Layer]
      let model = try Model(Sequential(layers), input: data.sampleShape, seed: seed)
      var trainer = Trainer(
        model, loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9), schedule: ConstantRate(0.005), batchSize: 32,
        seed: seed)
      do {
        try trainer.trainResumably(on: data, epochs: epochs)
        values.append(100 * (trainer.history.last?.trainingError ?? .nan))
      } catch is Divergence {
        failures += 1
        values.append(90)
      }
    }
    (errors, diverged) = (Summary(values), failures)
  }
}
