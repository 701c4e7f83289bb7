// What is left of a gradient on its way down through many layers.

import Foundation
import Workbook

/// A way to stack dense layers.
enum Stack: String, Codable, Sendable {
  case sigmoid, tanh, relu, normalized, residual
  /// Residual with nothing after the sum: what a formula can be written down for.
  case bare

  /// Those that every run looks at.
  static let usual: [Stack] = [.sigmoid, .tanh, .relu, .normalized, .residual]

  var name: String {
    switch self {
    case .sigmoid: "sigmoid, Xavier"
    case .tanh: "tanh, Xavier"
    case .relu: "ReLU, He"
    case .normalized: "ReLU with BN"
    case .residual: "residual with BN"
    case .bare: "no ReLU on the sum"
    }
  }

  var color: Int {
    switch self {
    case .sigmoid: 4
    case .tanh: 1
    case .relu: 2
    case .normalized: 3
    case .residual: 0
    case .bare: 5
    }
  }

  /// One piece of the stack; a residual block holds two dense layers, everything else one.
  func block(width: Int) -> Sequential {
    switch self {
    case .sigmoid: Sequential([Dense(width, width, initializer: .xavierNormal), Sigmoid()])
    case .tanh: Sequential([Dense(width, width, initializer: .xavierNormal), Tanh()])
    case .relu: Sequential([Dense(width, width, initializer: .heNormal), ReLU()])
    case .normalized: Sequential([Dense(width, width, initializer: .heNormal), BatchNorm(width), ReLU()])
    case .residual: Sequential([ResidualBlock(residual: Self.branch(width))])
    case .bare: Sequential([ScaledResidual(Self.branch(width), scale: 1)])
    }
  }

  private static func branch(_ width: Int) -> Sequential {
    Sequential([
      Dense(width, width, initializer: .heNormal), BatchNorm(width), ReLU(),
      Dense(width, width, initializer: .heNormal), BatchNorm(width),
    ])
  }

  var layersPerBlock: Int { self == .residual || self == .bare ? 2 : 1 }
}

/// The length of ∂L/∂(input) of every block over what random numbers bring from the
/// end of a stack of `depth` dense layers, from block 1 on.
func gradientNorms(
  _ stack: Stack, depth: Int, width: Int = 64, samples: Int = 32, seed: UInt64
) -> [Double] {
  var generator = SeededGenerator(seed: seed, stream: 11)
  var x = Tensor(zeros: [samples, width])
  x.fillNormal(standardDeviation: 1, using: &generator)
  var steps: [(block: Sequential, input: Tensor, output: Tensor)] = []
  for _ in 0..<depth / stack.layersPerBlock {
    var block = stack.block(width: width)
    block.initialize(using: &generator)
    let output = block.forward(x, mode: .training)
    steps.append((block, x, output))
    x = output
  }
  var gradient = Tensor(zeros: [samples, width])
  gradient.fillNormal(standardDeviation: 1, using: &generator)
  let start = norm(gradient)
  var norms: [Double] = []
  for step in steps.reversed() {
    var block = step.block
    gradient = block.backward(
      gradient, input: step.input, output: step.output)
    norms.append(norm(gradient) / start)
  }
  return norms.reversed()
}

/// Gradient norms of every stack at one depth, over several seeds.
struct GradientDecay: Codable, Sendable {
  /// The smallest number that 32 bits can hold; a gradient that arrives as 0 counts as this.
  static let nothing = Double(Float.leastNonzeroMagnitude)

  /// The gradient behind the layers of one stack.
  struct Curve: Codable, Sendable {
    var stack: Stack
    /// log₁₀ of the norm, over the seeds: behind the whole stack, at layer 1, first; then block by block.
    var norms: [Summary]
  }

  var depth: Int
  /// One for each stack.
  var curves: [Curve]

  /// What one layer does to the gradient: the norm at layer 1 to the power of 1/depth, seed by seed.
  func factor(_ stack: Stack) -> Summary {
    guard let curve = curves.first(where: { $0.stack == stack }) else { return Summary([]) }
    return Summary(curve.norms[0].values.map { pow(10, $0 / Double(depth)) })
  }

  /// The norm that arrives at layer 1: the geometric mean over the seeds.
  func arriving(_ stack: Stack) -> Double {
    pow(10, curves.first { $0.stack == stack }?.norms[0].mean ?? .nan)
  }
}

extension GradientDecay {
  /// Sends random numbers back through every stack, once for each seed.
  init(depth: Int, width: Int = 64, seeds: [UInt64], of stacks: [Stack] = Stack.usual) {
    self.depth = depth
    curves = stacks.map { stack in
      let runs = seeds.map { gradientNorms(stack, depth: depth, width: width, seed: $0) }
      // Six decimals of a logarithm are more than a figure shows.
      return Curve(
        stack: stack,
        norms: runs[0].indices.map { place in
          Summary(runs.map { log10(max($0[place], GradientDecay.nothing)) }).rounded(decimals: 6)
        })
    }
  }
}
