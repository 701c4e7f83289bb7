// Chapter 11: what is left of a gradient on its way down through many layers, with the addition and without.

import Foundation
import NeuralNetworks
import Tensors

/// Random numbers are sent back through two nets of equal layers: one plain, one that adds.
///
/// - `measure`: seed, depth, activation (0 sigmoid, 1 tanh, 2 ReLU, 3 none), factor on the usual first weights, batch
///   normalization (0 or 1), the last activation of a block behind the addition (1) or left out (0). Answers with, from
///   the first layer on, the norm of ∂L/∂x at each plain layer over what was sent back; the same at each block of two
///   layers of the net that adds; the deviation of the signal on its way up through either; and what one layer does to
///   the gradient, plain and adding.
///
/// What a class might ask, and what the panel says (20 layers, seed 1):
/// - What is left under twenty sigmoids? 2·10⁻¹³; with the addition and the sigmoid behind it 3·10⁻⁷: every block's sum
///   still goes through a slope of at most ¼.
/// - And with nothing behind the addition? The gradient arrives, 1.2 times as large as it was sent.
/// - Does batch normalization hold the gradient? It holds the signal; back through ReLU the gradient grows 38-fold, with the
///   addition 9-fold.
/// - What if He's weights are doubled? Without normalization, 2²⁰ = a million times; with it nothing changes at all.
/// - How deep until 32 bits are empty? 60 sigmoids leave 8·10⁻³⁹, less than the smallest normal number.
public final class FlowPanel: Panel {
  private static let (width, samples) = (64, 32)

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    guard question == "measure" else { return [] }
    var reader = Reader(input)
    let (seed, depth) = (UInt64(reader.int(0...9_999)), reader.int(2...60))
    var kind = Kind()
    kind.activation = reader.int(0...3)
    kind.factor = reader.float(0...10)
    kind.isNormalized = reader.int(0...1) == 1
    kind.hasLast = reader.int(0...1) == 1
    let plain = flow(kind, blocks: depth, adds: false, seed: seed)
    let adding = flow(kind, blocks: depth / 2, adds: true, seed: seed)
    func perLayer(_ norms: [Float], _ depth: Int) -> Float {
      pow(max(norms.first ?? 0, .leastNonzeroMagnitude), 1 / Float(max(1, depth)))
    }
    return [
      plain.norms, adding.norms, plain.deviations, adding.deviations,
      [perLayer(plain.norms, depth), perLayer(adding.norms, depth / 2 * 2)],
    ]
  }

  /// How a layer is made.
  private struct Kind {
    var (activation, factor, isNormalized, hasLast) = (2, Float(1), false, true)

    /// A dense layer, with a batch normalization where there is one.
    func dense() -> [HeldLayer] {
      let gain = factor * (activation == 2 ? Float(2).squareRoot() : 1)
      let start = Initializer.scaled(.fanIn, .normal, gain: gain)
      let layer = Dense(FlowPanel.width, FlowPanel.width, initializer: start).held
      return isNormalized ? [layer, BatchNorm(FlowPanel.width).held] : [layer]
    }

    func last() -> HeldLayer {
      switch activation {
      case 0: Sigmoid().held
      case 1: Tanh().held
      case 2: ReLU().held
      default: LeakyReLU(slope: 1).held
      }
    }
  }

  /// One block: y = a(F(x)), or y = a(x + F(x)) with two layers in F.
  private struct Block {
    let branch: Stack
    /// The activation behind the addition, alone in a stack; empty where there is none.
    let last: Stack
    let adds: Bool

    func forward(_ x: Tensor) -> Tensor {
      var sum = branch.forward(x, mode: .training)
      if adds { sum = added(sum, x) }
      return last.forward(sum)
    }

    /// ∂L/∂x = F′ᵀg, and g itself where the input was added: whatever F does to g, g arrives.
    func backward(_ gradient: Tensor) -> Tensor {
      var g = gradient
      if !last.layers.isEmpty {
        last.backward(gradient, toInput: true)
        g = last.inputGradient
      }
      branch.backward(g, toInput: true)
      return adds ? added(branch.inputGradient, g) : branch.inputGradient
    }

    private func added(_ a: Tensor, _ b: Tensor) -> Tensor {
      Tensor(a.shape, zip(a.elements, b.elements).map { $0 + $1 })
    }
  }

  /// Sends random numbers up through a net, and others back down.
  private func flow(_ kind: Kind, blocks count: Int, adds: Bool, seed: UInt64) -> (norms: [Float], deviations: [Float])
  {
    // In the order of the chapter's own program, so that the same numbers are drawn.
    var generator = SeededGenerator(seed: seed, stream: 11)
    var x = Tensor(zeros: [Self.samples, Self.width])
    x.fillNormal(standardDeviation: 1, using: &generator)
    var (blocks, deviations): ([Block], [Float]) = ([], [])
    for _ in 0..<count {
      let layers = adds ? kind.dense() + [kind.last()] + kind.dense() : kind.dense()
      let last = adds && !kind.hasLast ? [] : [kind.last()]
      let block = Block(branch: Stack(layers, seed: seed), last: Stack(last, seed: seed), adds: adds)
      for layer in layers { layer.initialize(using: &generator) }
      x = block.forward(x)
      blocks.append(block)
      deviations.append(norm(x) / Float(x.count).squareRoot())
    }
    var gradient = Tensor(zeros: x.shape)
    gradient.fillNormal(standardDeviation: 1, using: &generator)
    let sent = norm(gradient)
    var norms: [Float] = []
    for block in blocks.reversed() {
      gradient = block.backward(gradient)
      norms.append(norm(gradient) / sent)
    }
    return (norms.reversed(), deviations)
  }

  /// √Σx², summed in Double.
  private func norm(_ tensor: Tensor) -> Float {
    Float(tensor.elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
  }

  public func proof(_ input: [Float]) -> Proof {
    let parts = answer("measure", [1, 10, 2, 1, 1, 1]) + answer("measure", [1, 6, 0, 2, 0, 0])
    // As logarithms: a gradient is measured by how many powers of ten are left of it.
    return Proof(groups: parts.map { $0.map { log($0) } })
  }
}
