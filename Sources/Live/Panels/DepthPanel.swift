// Chapter 2: the decay of a gradient in the backward pass through many layers with the same activation.

import Foundation
import NeuralNetworks
import Tensors

/// A deep network with newly initialized weights: the slopes of the activations in each layer, and the gradient after
/// each layer.
///
/// - `measure`: seed, depth, width, activation (0 sigmoid, 1 tanh, 2 ReLU, 3 leaky ReLU, 4 ELU), a factor on the usual
///   initial weights, and a number that is added to all pre-activations. Answers with: the mean slope of each layer,
///   and its share of units whose slope is below a twentieth of the largest possible; histograms of the slopes, with 20
///   bins from 0 to 1; and the norm of the gradient after 1, 2, … layers of the backward pass, relative to its initial
///   norm.
///
/// Questions that a class might ask, and the panel's answers for 64 units and seed 1:
/// - What remains after sixteen sigmoid layers? 8·10⁻¹¹: each layer keeps less than a quarter, because no slope exceeds
///   ¼.
/// - Do larger weights help? With ten times larger weights, 0.45 remains, but half of the units are saturated.
/// - And ReLU? Half of the units have slope 0, the other half slope 1: 1.3 times the gradient remains.
/// - What if its weights are half as large? A factor of ½ in each layer: 2·10⁻⁵ after sixteen layers.
/// - What happens with tanh if the pre-activations are shifted by 4? 97 % of the units saturate: 3·10⁻²⁷ remains.
public final class DepthPanel: Panel {
  private static let (bins, samples) = (20, 16)

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    guard question == "measure" else { return [] }
    var reader = Reader(input)
    let (seed, depth, width) = (UInt64(reader.int(0...9_999)), reader.int(1...32), reader.int(1...256))
    let activation = reader.int(0...4)
    return measure(
      seed: seed, depth: depth, width: width, activation: activation, factor: reader.float(0...100),
      shift: reader.float(-20...20))
  }

  private func measure(seed: UInt64, depth: Int, width: Int, activation: Int, factor: Float, shift: Float) -> [[Float]]
  {
    let gain = activation < 2 ? factor : factor * Float(2).squareRoot()
    var layers: [BoxedLayer] = []
    for _ in 0..<depth {
      layers.append(Dense(width, width, initializer: .scaled(.fanIn, .normal, gain: gain)).boxed)
      layers.append(Self.activation(activation))
    }
    let net = Stack(layers, seed: seed)
    // The random numbers are drawn in the order of the chapter: the inputs, the weights, and the gradient.
    var generator = SeededGenerator(seed: seed, stream: 20)
    var batch = Tensor(zeros: [Self.samples, width])
    batch.fillNormal(standardDeviation: 1, using: &generator)
    for layer in layers { layer.initialize(using: &generator) }
    net.visitParameters { if $0.value.shape.rank == 1 { $0.value.fill(shift) } }
    net.forward(batch)
    var gradient = Tensor(zeros: [Self.samples, width])
    gradient.fillNormal(standardDeviation: 1, using: &generator)
    net.backward(gradient, toInput: true)

    let whole = Self.norm(gradient)
    var parts: [[Float]] = [[], [], []]
    for layer in 0..<depth {
      let slopes = Self.slopes(net, layer)
      let largest: Float = activation == 0 ? 0.25 : 1
      let saturated = slopes.reduce(0) { $0 + ($1 < largest / 20 ? 1 : 0) }
      parts[0] += [slopes.reduce(0, +) / Float(slopes.count), Float(saturated) / Float(slopes.count)]
      parts[1] += Self.histogram(slopes)
      let passed = layer + 1 == depth ? net.inputGradient : net.gradients[2 * (depth - 2 - layer) + 1]
      parts[2].append(Self.norm(passed) / whole)
    }
    return parts
  }

  private static func activation(_ number: Int) -> BoxedLayer {
    switch number {
    case 0: Sigmoid().boxed
    case 1: Tanh().boxed
    case 2: ReLU().boxed
    case 3: LeakyReLU().boxed
    default: ELU().boxed
    }
  }

  /// The slopes of an activation: the result of its backward pass for a gradient of ones.
  private static func slopes(_ net: Stack, _ layer: Int) -> [Float] {
    let (sums, outputs) = (net.outputs[2 * layer], net.outputs[2 * layer + 1])
    var (ones, slopes) = (sums, sums)
    ones.fill(1)
    net.layers[2 * layer + 1].backward(ones, input: sums, output: outputs, into: &slopes)
    return slopes.elements
  }

  private static func norm(_ tensor: Tensor) -> Float {
    Float(tensor.elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
  }

  private static func histogram(_ slopes: [Float]) -> [Float] {
    var counts = [Float](repeating: 0, count: bins)
    for slope in slopes where slope.isFinite { counts[min(bins - 1, max(0, Int(slope * Float(bins))))] += 1 }
    return counts.map { $0 / Float(slopes.count) }
  }

  public func proof(_ input: [Float]) -> Proof {
    let parts = answer("measure", [1, 6, 32, 1, 2, 0.5])
    let (slopes, saturated) = ((0..<6).map { parts[0][2 * $0] }, (0..<6).map { parts[0][2 * $0 + 1] })
    // The number of small slopes among 16 times 32, and the logarithm of the remaining gradient.
    return Proof(whole: saturated.map { Proof.count($0, of: 512) }, groups: [slopes, parts[2].map { log($0) }])
  }
}
