// Chapter 2: what is left of a gradient on its way back through sixteen layers of one activation.

import Foundation
import NeuralNetworks
import Tensors

/// A deep net, its weights just drawn: the slope that every layer has left, and the gradient behind each.
///
/// - `measure`: seed, depth, width, activation (0 sigmoid, 1 tanh, 2 ReLU, 3 leaky ReLU, 4 ELU), the factor on its usual
///   weights, and a number that is added to every sum. Answers with: mean slope of each layer, and its share of units
///   whose slope is below a twentieth of the largest there is; histograms of the slopes, 20 bins from 0 to 1; and the
///   share of the gradient's norm that is left after 1, 2, … layers on the way back, the last layer first.
///
/// What a class might ask, and what the panel says of 64 units and seed 1:
/// - What is left after sixteen layers of sigmoids? 8·10⁻¹¹: each keeps less than a quarter, for no slope is above ¼.
/// - Do larger weights help? Ten times as large, 0.45 is left: but half of the units are saturated.
/// - And ReLU? Half of the units have no slope, the other half all of it: 1.3 of the gradient is left.
/// - What if its weights are half as large? A factor of ½ for each layer: 2·10⁻⁵ after sixteen.
/// - What does it do to tanh if the sums are shifted by 4? 97 % of the units saturate: 3·10⁻²⁷ is left.
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
    var layers: [HeldLayer] = []
    for _ in 0..<depth {
      layers.append(Dense(width, width, initializer: .scaled(.fanIn, .normal, gain: gain)).held)
      layers.append(Self.activation(activation))
    }
    let net = Stack(layers, seed: seed)
    // In the order of the chapter: the inputs, the weights, and the gradient.
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

  private static func activation(_ number: Int) -> HeldLayer {
    switch number {
    case 0: Sigmoid().held
    case 1: Tanh().held
    case 2: ReLU().held
    case 3: LeakyReLU().held
    default: ELU().held
    }
  }

  /// A gradient of ones sent back through an activation comes out as its slopes.
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
    // Of 16 times 32 slopes, how many are small; of the gradient, how many powers of e are left.
    return Proof(whole: saturated.map { Proof.count($0, of: 512) }, groups: [slopes, parts[2].map { log($0) }])
  }
}
