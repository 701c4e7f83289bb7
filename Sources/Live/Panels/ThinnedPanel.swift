// Chapter 6: a network trained with dropout, its thinned networks, and their average.

import Datasets
import Foundation
import NeuralNetworks
import Tensors

/// A network 2 → M → 2 trained on two moons with dropout on its M hidden units, and all its thinned networks.
///
/// - `begin`: seed, units, dropout rate p, noise, training steps, side of the images. Answers with the points, as
///   alternating x and y, and their classes; the image of one pass with all units, which is the probability of class 1
///   at side × side positions; and its error.
/// - `thin`: a number for each unit, 0 if it is dropped. Answers with the image of that network, and its error.
/// - `draw`: the number of networks. Drops units at random, each with probability p, and adds the networks to the
///   average. Answers with the units of the last network, its image and error; the image of the average, its error, the
///   number of networks in it, their mean error, and the largest difference of its probabilities from those of one
///   pass.
/// - `all`: 1 for the geometric mean. Answers in the same way for the mean of all 2^M networks, weighted by their
///   probabilities.
///
/// Questions that a class might ask, and the panel's answers for ten units, p = ½ and seed 1:
/// - How good is one thinned network? On average 11 % of the points are wrong; one pass with all units has 5.5 %.
/// - How many networks must be averaged? Twenty: the average is then as good as one pass.
/// - Is one pass the average of all networks? It is exactly their geometric mean; it differs from the arithmetic mean
///   by up to 0.30.
/// - And without dropout, at p = 0? There is only one network, with 1.5 % of the points wrong.
/// - Which units are dispensable? Switch them off one by one: the image shows the bend of the boundary that each one
///   makes.
public final class ThinnedPanel: Panel {
  private static let (count, reach) = (200, Float(1.8))
  private var (units, rate, side) = (1, Float(0.5), 2)
  private var last = Dense(1, 2)
  private var labels: [Int] = []
  /// The outputs of the hidden units at the positions of the image, followed by those at the points, [side² + count,
  /// M].
  private var hidden = Tensor.empty
  private var onePass: [Float] = []
  private var (sum, nets, errors) = ([Float](), 0, Float(0))
  private var generator = SeededGenerator(seed: 0)

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    var reader = Reader(input)
    switch question {
    case "begin":
      let seed = UInt64(reader.int(0...9_999))
      (units, rate) = (reader.int(1...12), reader.float(0...0.9))
      let (noise, steps) = (reader.float(0...1), reader.int(1...5000))
      side = reader.int(2...80)
      return begin(seed: seed, noise: noise, steps: steps)
    case "thin":
      if hidden.isEmpty { return [] }
      let net = sigmoid(thinned(reader.floats(units)))
      return [picture(net), [error(net)]]
    case "draw": return hidden.isEmpty ? [] : draw(reader.int(1...1000))
    case "all": return hidden.isEmpty ? [] : averageAll(isGeometric: reader.int(0...1) == 1)
    default: return []
    }
  }

  private func begin(seed: UInt64, noise: Float, steps: Int) -> [[Float]] {
    let samples = Moons.samples(count: Self.count, noise: noise, seed: seed)
    var points = samples.inputs
    // Move the centre of the moons to the origin.
    points.withUnsafeMutableElements { for i in $0.indices { $0[i] -= i % 2 == 0 ? 0.5 : 0.25 } }
    labels = samples.labels
    let layers = [
      Dense(2, units, initializer: .heNormal).boxed, ReLU().boxed, Dropout(dropping: rate).boxed,
      Dense(units, 2, initializer: .xavierNormal).boxed,
    ]
    let net = Stack(layers, seed: seed, optimizer: SGD(momentum: 0.9))
    for step in 0..<steps {
      // Different units are dropped in each step and for each point.
      _ = net.step(points, .classes(labels), SoftmaxCrossEntropy(), rate: 0.1, seed: seed &* 10_000 &+ UInt64(step))
    }
    var parameters: [Tensor] = []
    net.visitParameters { parameters.append($0.value) }
    last = Dense(units, 2)
    last.weight.value = parameters[2]
    last.bias?.value = parameters[3]
    net.forward(Tensor([side * side + Self.count, 2], places() + points.elements))
    hidden = net.outputs[1]
    onePass = sigmoid(differences(last))
    (sum, nets, errors) = ([Float](repeating: 0, count: onePass.count), 0, 0)
    generator = SeededGenerator(seed: seed, stream: 2)
    return [points.elements, labels.map { Float($0) }, picture(onePass), [error(onePass)]]
  }

  /// The centre of every pixel, starting with the top row.
  private func places() -> [Float] {
    var places: [Float] = []
    for row in 0..<side {
      for column in 0..<side {
        places.append(Self.reach * (2 * (Float(column) + 0.5) / Float(side) - 1))
        places.append(Self.reach * (1 - 2 * (Float(row) + 0.5) / Float(side)))
      }
    }
    return places
  }

  /// The logit differences of a thinned network at all positions: the kept units are scaled up, as in training.
  private func thinned(_ kept: [Float]) -> [Float] {
    var thin = last
    let (units, scale) = (units, 1 / (1 - rate))
    thin.weight.value.withUnsafeMutableElements { w in
      for i in w.indices { w[i] *= kept[i % units] > 0 ? scale : 0 }
    }
    return differences(thin)
  }

  /// The logit of class 1 minus that of class 0, at all positions.
  private func differences(_ layer: Dense) -> [Float] {
    var layer = layer
    let logits = layer.forward(hidden).elements
    return (0..<logits.count / 2).map { logits[2 * $0 + 1] - logits[2 * $0] }
  }

  /// Softmax of two classes is the sigmoid of the difference.
  private func sigmoid(_ differences: [Float]) -> [Float] { differences.map { 1 / (1 + exp(-$0)) } }

  private func picture(_ probabilities: [Float]) -> [Float] { Array(probabilities.prefix(side * side)) }

  /// The share of misclassified points.
  private func error(_ probabilities: [Float]) -> Float {
    let named = probabilities.suffix(Self.count)
    let wrong = zip(named, labels).reduce(0) { $0 + (($1.0 > 0.5) == ($1.1 == 1) ? 0 : 1) }
    return Float(wrong) / Float(Self.count)
  }

  private func draw(_ count: Int) -> [[Float]] {
    var (kept, net): ([Float], [Float]) = ([], [])
    for _ in 0..<count {
      kept = (0..<units).map { _ in generator.nextUniform() < rate ? 0 : 1 }
      net = sigmoid(thinned(kept))
      for i in net.indices { sum[i] += net[i] }
      nets += 1
      errors += error(net)
    }
    return [kept, picture(net), [error(net)]]
      + compared(sum.map { $0 / Float(nets) }, nets: nets, single: errors / Float(nets))
  }

  /// The mean of all thinned networks: the arithmetic or the normalized geometric mean of their probabilities.
  private func averageAll(isGeometric: Bool) -> [[Float]] {
    var mean = [Float](repeating: 0, count: onePass.count)
    var (single, kept): (Float, [Float]) = (0, [])
    for mask in 0..<1 << units {
      kept = (0..<units).map { mask >> $0 & 1 == 1 ? 1 : 0 }
      let chance = kept.reduce(1) { $0 * ($1 > 0 ? 1 - rate : rate) }
      if chance == 0 { continue }
      let logits = thinned(kept), net = sigmoid(logits)
      single += chance * error(net)
      // The geometric mean, normalized, is the sigmoid of the mean logits.
      for i in mean.indices { mean[i] += chance * (isGeometric ? logits[i] : net[i]) }
    }
    if isGeometric { mean = sigmoid(mean) }
    let net = sigmoid(thinned(kept))
    return [kept, picture(net), [error(net)]] + compared(mean, nets: 1 << units, single: single)
  }

  private func compared(_ mean: [Float], nets: Int, single: Float) -> [[Float]] {
    let apart = zip(mean, onePass).reduce(0) { max($0, abs($1.0 - $1.1)) }
    return [picture(mean), [error(mean), Float(nets), single, apart]]
  }

  public func proof(_ input: [Float]) -> Proof {
    _ = answer("begin", [1, 6, 0.5, 0.15, 100, 4])
    let (drawn, all) = (answer("draw", [5]), answer("all", [0]))
    // The dropped units, the numbers of networks, and the number of wrong points.
    let whole = drawn[0] + [drawn[4][1], all[4][1], Proof.count(drawn[4][0], of: Self.count)]
    return Proof(whole: whole, groups: [drawn[1], [all[4][2]], [drawn[4][3], all[4][3]]])
  }
}
