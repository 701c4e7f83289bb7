// Chapter 6: a net trained with dropout, the thinned nets that are in it, and their average.

import Datasets
import Foundation
import NeuralNetworks
import Tensors

/// A net 2 → M → 2 that has learned two moons with dropout on its M units, and all the nets that dropout makes of it.
///
/// - `begin`: seed, units, rate p, noise, steps of training, side of the pictures. Answers with the points, x and y in
///   turn, and their classes; the picture of one pass with all units: the probability of class 1 at side × side places;
///   and its error.
/// - `thin`: a number for each unit, 0 where it is dropped. Answers with the picture of that net, and its error.
/// - `draw`: how many nets. Drops units at random, each with p, and takes the nets into the average. Answers with the units
///   of the last one, its picture and error; the picture of the average, its error, how many nets are in it, their mean
///   error, and the largest difference of its probabilities from those of one pass.
/// - `all`: 1 for the geometric mean. Answers in the same way for the mean of all 2^M nets, each as likely as it is.
///
/// What a class might ask, and what the panel says of ten units, p = ½ and seed 1:
/// - How good is one thinned net? 11 % of the points wrong on average: one pass with all units has 5.5 %.
/// - How many must vote? Twenty: the average is then as good as one pass.
/// - Is one pass the average of all? Of their geometric mean, exactly; from the arithmetic one it differs by up to 0.30.
/// - And without dropout, at p = 0? There is one net only, and it has 1.5 % of the points wrong.
/// - Which unit can be missed? Switch them off one by one: the picture shows which bend of the line was its.
public final class ThinnedPanel: Panel {
  private static let (count, reach) = (200, Float(1.8))
  private var (units, rate, side) = (1, Float(0.5), 2)
  private var last = Dense(1, 2)
  private var labels: [Int] = []
  /// The hidden units' answers to the pictures' places, and behind them to the points, [side² + count, M].
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
    // The moons' middle comes to the origin.
    points.withUnsafeMutableElements { for i in $0.indices { $0[i] -= i % 2 == 0 ? 0.5 : 0.25 } }
    labels = samples.labels
    let layers = [
      Dense(2, units, initializer: .heNormal).held, ReLU().held, Dropout(dropping: rate).held,
      Dense(units, 2, initializer: .xavierNormal).held,
    ]
    let net = Stack(layers, seed: seed, optimizer: SGD(momentum: 0.9))
    for step in 0..<steps {
      // Other units are dropped in each step, and of each point.
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

  /// The middle of every pixel, the upper row first.
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

  /// The net from which units are dropped, at all places: the others are scaled up, as they were in training.
  private func thinned(_ kept: [Float]) -> [Float] {
    var thin = last
    let (units, scale) = (units, 1 / (1 - rate))
    thin.weight.value.withUnsafeMutableElements { w in
      for i in w.indices { w[i] *= kept[i % units] > 0 ? scale : 0 }
    }
    return differences(thin)
  }

  /// The logit of class 1 minus that of class 0, at all places.
  private func differences(_ layer: Dense) -> [Float] {
    var layer = layer
    let logits = layer.forward(hidden).elements
    return (0..<logits.count / 2).map { logits[2 * $0 + 1] - logits[2 * $0] }
  }

  /// Softmax of two classes is the sigmoid of the difference.
  private func sigmoid(_ differences: [Float]) -> [Float] { differences.map { 1 / (1 + exp(-$0)) } }

  private func picture(_ probabilities: [Float]) -> [Float] { Array(probabilities.prefix(side * side)) }

  /// The share of points that are told wrongly.
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

  /// The mean of all thinned nets: of the probabilities, or of their logarithms, which is normalized.
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
    // Which units are dropped, how many nets, and how many points are wrong.
    let whole = drawn[0] + [drawn[4][1], all[4][1], Proof.count(drawn[4][0], of: Self.count)]
    return Proof(whole: whole, groups: [drawn[1], [all[4][2]], [drawn[4][3], all[4][3]]])
  }
}
