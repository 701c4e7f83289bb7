// Chapter 7: what a penalty on the weights does to a boundary, to a matrix of weights, and to the smallest bowl.

import Datasets
import Foundation
import NeuralNetworks
import Tensors

/// A net on forty points of two noisy moons, trained with a penalty; and the diamond and the disc.
///
/// - `begin`: seed, noise. Answers with the points, x and y in turn, and their classes.
/// - `train`: steps, rate, penalty (0 none, 1 L1, 2 L2), λ. Answers with the loss of each step without its penalty; then
///   the shares told rightly of the forty points and of 1,000 new ones, the share of weights that are exactly 0, and the
///   root mean square of all.
/// - `look`: side, reach. Answers with the probability of class 1 at side × side places, and the weights between the two
///   hidden layers, 24×24.
/// - `bowl`: the place of its bottom, x and y, penalty, λ. Answers with the minimum of bowl plus penalty; the ellipse of
///   the bowl through it; and the size of the penalty's region there: Σ|w| for the diamond, the radius for the disc.
///
/// What a class might ask, and what the panel says (seed 1, noise 0.35, 2,000 steps at rate 0.2):
/// - What does no penalty do? 95 % of the forty points are told rightly, at rate 1 all of them; of new ones 83 %.
/// - What does L2 with λ = 0.01? 88 % of the forty, 86 % of new ones: fewer by heart, more in truth.
/// - And L1 with 0.003? 96 % of the weights are exactly 0: the matrix goes blank but for a few.
/// - What if λ is too large? All weights go, and the net says one half everywhere.
/// - Why a corner? Pull the bowl: under L1 the minimum sits on an axis for a whole region of bowls, under L2 for a line of them.
public final class PenaltyPanel: Panel {
  private static let (units, sides) = (24, 72)
  private var net = Stack([], seed: 0)
  private var known = Moons.samples(count: 2, seed: 1)
  private var unseen = Moons.samples(count: 2, seed: 1)

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    var reader = Reader(input)
    switch question {
    case "begin":
      let seed = UInt64(reader.int(0...9_999))
      begin(seed: seed, noise: reader.float(0...1))
      return [known.inputs.elements, known.labels.map { Float($0) }]
    case "train":
      let (steps, rate) = (reader.int(1...1000), reader.float(0...1))
      let penalty = Penalty(kind: reader.int(0...2), lambda: reader.float(0...10))
      return [(0..<steps).map { _ in step(rate: rate, penalty) }, sums()]
    case "look": return look(side: reader.int(2...200), reach: reader.float(0.1...10))
    case "bowl":
      let (x, y) = (reader.float(-10...10), reader.float(-10...10))
      return bowl(x: x, y: y, Penalty(kind: reader.int(0...2), lambda: reader.float(0...10)))
    default: return []
    }
  }

  /// λ·Σ|w| or ½·λ·Σw².
  private struct Penalty {
    var kind: Int
    var lambda: Float

    /// What L2 adds to the gradient of one weight.
    func slope(_ weight: Float) -> Float { kind == 2 ? lambda * weight : 0 }

    /// What L1 does behind a step: every weight goes λ·η towards 0, and no further. Only so it comes to exactly 0.
    func shrunk(_ weight: Float, rate: Float) -> Float {
      guard kind == 1 else { return weight }
      return weight > 0 ? max(0, weight - rate * lambda) : min(0, weight + rate * lambda)
    }
  }

  private func begin(seed: UInt64, noise: Float) {
    known = centred(Moons.samples(count: 40, noise: noise, seed: seed))
    unseen = centred(Moons.samples(count: 1000, noise: noise, seed: seed + 10_000))
    let width = Self.units
    net = Stack(
      [
        Dense(2, width, initializer: .xavierNormal).held, Tanh().held,
        Dense(width, width, initializer: .xavierNormal).held, Tanh().held,
        Dense(width, 2, initializer: .xavierNormal).held,
      ], seed: seed)
  }

  /// The middle of the moons comes to the origin.
  private func centred(_ samples: TensorSamples) -> TensorSamples {
    var inputs = samples.inputs
    inputs.withUnsafeMutableElements { for i in $0.indices { $0[i] -= i % 2 == 0 ? 0.5 : 0.25 } }
    return TensorSamples(name: "moons", inputs: inputs, labels: samples.labels, classCount: 2)
  }

  /// One step on all forty points: the loss's own gradient, and the penalty on weights but not on biases.
  private func step(rate: Float, _ penalty: Penalty) -> Float {
    guard !net.layers.isEmpty else { return 0 }
    var gradient = Tensor.empty
    let output = net.forward(known.inputs, mode: .training)
    let loss = SoftmaxCrossEntropy().evaluate(output, .classes(known.labels), gradient: &gradient)
    net.backward(gradient)
    net.visitParameters { parameter in
      guard parameter.decays else { return }
      let weights = parameter.value.elements
      parameter.gradient.withUnsafeMutableElements { g in for i in g.indices { g[i] += penalty.slope(weights[i]) } }
    }
    net.update(rate: rate)
    net.visitParameters { parameter in
      guard parameter.decays else { return }
      parameter.value.withUnsafeMutableElements { w in
        for i in w.indices { w[i] = penalty.shrunk(w[i], rate: rate) }
      }
    }
    return Float(loss)
  }

  private func sums() -> [Float] {
    var (zeros, squares, count): (Float, Float, Float) = (0, 0, 0)
    net.visitParameters { parameter in
      guard parameter.decays else { return }
      for weight in parameter.value.elements {
        zeros += weight == 0 ? 1 : 0
        squares += weight * weight
        count += 1
      }
    }
    count = max(1, count)
    return [right(known), right(unseen), zeros / count, (squares / count).squareRoot()]
  }

  /// The share of the samples whose class is named.
  private func right(_ samples: TensorSamples) -> Float {
    guard !net.layers.isEmpty else { return 0 }
    let logits = net.forward(samples.inputs).elements
    var right = 0
    for (index, label) in samples.labels.enumerated() where (logits[2 * index + 1] > logits[2 * index]) == (label == 1)
    {
      right += 1
    }
    return Float(right) / Float(samples.labels.count)
  }

  private func look(side: Int, reach: Float) -> [[Float]] {
    guard !net.layers.isEmpty else { return [] }
    var places: [Float] = []
    for row in 0..<side {
      for column in 0..<side {
        places.append(reach * (2 * (Float(column) + 0.5) / Float(side) - 1))
        places.append(reach * (1 - 2 * (Float(row) + 0.5) / Float(side)))
      }
    }
    let logits = net.forward(Tensor([side * side, 2], places)).elements
    // Softmax of two classes is the sigmoid of the difference.
    var sigmoid = Sigmoid()
    let differences = (0..<side * side).map { logits[2 * $0 + 1] - logits[2 * $0] }
    let shares = sigmoid.forward(Tensor([side * side, 1], differences)).elements
    var (matrix, index): ([Float], Int) = ([], 0)
    net.visitParameters { parameter in
      if index == 2 { matrix = parameter.value.elements }
      index += 1
    }
    return [shares, matrix]
  }

  /// The bowl ½(w − w°)ᵀH(w − w°), H = (1 ½; ½ 1), and where it and the penalty together are smallest.
  private func bowl(x: Float, y: Float, _ penalty: Penalty) -> [[Float]] {
    var (u, v) = (x, y)
    // Descent with the step for each penalty that the net takes too; 400 are enough for six digits.
    for _ in 0..<400 {
      let (a, b) = (u - x, v - y)
      let next = (u - 0.4 * (a + 0.5 * b + penalty.slope(u)), v - 0.4 * (0.5 * a + b + penalty.slope(v)))
      (u, v) = (penalty.shrunk(next.0, rate: 0.4), penalty.shrunk(next.1, rate: 0.4))
    }
    let (a, b) = (u - x, v - y)
    let height = (a * a + a * b + b * b) / 2
    // H has the axes (1, 1) and (1, −1) with curvatures 3/2 and 1/2.
    var ring: [Float] = []
    for side in 0..<Self.sides {
      let turn = 2 * Float.pi * Float(side) / Float(Self.sides - 1)
      let (p, q) = ((2 * height / 1.5).squareRoot() * cos(turn), (2 * height / 0.5).squareRoot() * sin(turn))
      ring += [x + (p + q) * Float(0.5).squareRoot(), y + (p - q) * Float(0.5).squareRoot()]
    }
    return [[u, v], ring, [penalty.kind == 1 ? abs(u) + abs(v) : (u * u + v * v).squareRoot()]]
  }

  public func proof(_ input: [Float]) -> Proof {
    var (whole, groups): ([Float], [[Float]]) = ([], [])
    for kind in 0...2 {
      begin(seed: 1, noise: 0.3)
      let parts = answer("train", [60, 0.05, Float(kind), 0.01])
      // How many points are told rightly, of forty and of a thousand.
      whole += [Proof.count(parts[1][0], of: 40), Proof.count(parts[1][1], of: 1000)]
      groups += [[parts[0][0], parts[0][59]], [parts[1][3]]]
      groups.append(bowl(x: 1.2, y: 0.4, Penalty(kind: kind, lambda: 0.5))[0])
    }
    return Proof(whole: whole, groups: groups)
  }
}
