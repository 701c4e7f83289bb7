// Chapter 11: the size of a gradient in the backward pass through many layers, with and without residual connections.

import Foundation
import NeuralNetworks
import Tensors

/// Random gradients are propagated backward through two networks with equal layers: a plain one and a residual one.
///
/// - `measure`: seed, depth, activation (0 sigmoid, 1 tanh, 2 ReLU, 3 none), a factor on the usual initial weights,
///   batch normalization (0 or 1), and whether a block has an activation after the addition (0 or 1). Answers with,
///   starting at the first layer: the norm of ∂L/∂x at each plain layer, relative to the initial gradient; the same at
///   each residual block of two layers; the standard deviation of the signal in the forward pass through both networks;
///   and the factor by which one layer scales the gradient, plain and residual.
///
/// Questions that a class might ask, and the panel's answers (20 layers, seed 1):
/// - What remains after twenty sigmoids? 2·10⁻¹³; with residual connections and a sigmoid after each addition, 3·10⁻⁷:
///   every block still ends with a slope of at most ¼.
/// - And without an activation after the addition? The gradient is preserved: it becomes 1.2 times as large.
/// - Does batch normalization preserve the gradient? It preserves the signal, but with ReLU the gradient grows 38-fold,
///   with residual connections 9-fold.
/// - What if He's weights are doubled? Without normalization, the gradient grows by 2²⁰, a million; with it, nothing
///   changes.
/// - At which depth does single precision underflow? 60 sigmoids leave 8·10⁻³⁹, less than the smallest normal number.
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

  /// The settings of a layer.
  private struct Kind {
    var (activation, factor, isNormalized, hasLast) = (2, Float(1), false, true)

    /// A dense layer, followed by batch normalization if it is on.
    func dense() -> [BoxedLayer] {
      let gain = factor * (activation == 2 ? Float(2).squareRoot() : 1)
      let start = Initializer.scaled(.fanIn, .normal, gain: gain)
      let layer = Dense(FlowPanel.width, FlowPanel.width, initializer: start).boxed
      return isNormalized ? [layer, BatchNorm(FlowPanel.width).boxed] : [layer]
    }

    func last() -> BoxedLayer {
      switch activation {
      case 0: Sigmoid().boxed
      case 1: Tanh().boxed
      case 2: ReLU().boxed
      default: LeakyReLU(slope: 1).boxed
      }
    }
  }

  /// One block: y = a(F(x)), or y = a(x + F(x)) with two layers in F.
  private struct Block {
    let branch: Stack
    /// The activation after the addition, in a separate stack; empty if there is none.
    let last: Stack
    let adds: Bool

    func forward(_ x: Tensor) -> Tensor {
      var sum = branch.forward(x, mode: .training)
      if adds { sum = added(sum, x) }
      return last.forward(sum)
    }

    /// ∂L/∂x = F′ᵀg, plus g itself in a residual block: g is preserved, whatever F does to it.
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

  /// Propagates random numbers forward through a network, and random gradients backward.
  private func flow(_ kind: Kind, blocks count: Int, adds: Bool, seed: UInt64) -> (norms: [Float], deviations: [Float])
  {
    // The random numbers are drawn in the same order as in the chapter's program, so they are the same.
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

  /// √Σx², accumulated in Double.
  private func norm(_ tensor: Tensor) -> Float {
    Float(tensor.elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
  }

  public func proof(_ input: [Float]) -> Proof {
    let parts = answer("measure", [1, 10, 2, 1, 1, 1]) + answer("measure", [1, 6, 0, 2, 0, 0])
    // As logarithms, because the gradients differ by many powers of ten.
    return Proof(groups: parts.map { $0.map { log($0) } })
  }
}
