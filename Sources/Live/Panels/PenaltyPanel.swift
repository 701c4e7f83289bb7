// Chapter 7: the effect of a weight penalty on a decision boundary, on a weight matrix, and on the minimum of a bowl.

import Datasets
import Foundation
import NeuralNetworks
import Tensors

/// A network trained with a penalty on forty points of two noisy moons; and the regions of L1 and L2, a diamond and a
/// disc.
///
/// - `begin`: seed, noise. Answers with the points, as alternating x and y, and their classes.
/// - `train`: steps, learning rate, penalty (0 none, 1 L1, 2 L2), λ. Answers with the loss of each step without the
///   penalty; then with the accuracy on the forty points and on 1,000 new ones, the share of weights that are exactly
///   0, and the root mean square of all weights.
/// - `look`: side, reach. Answers with the probability of class 1 at side × side positions, and the weights between the
///   two hidden layers, 24×24.
/// - `bowl`: the minimum of the bowl, x and y, penalty, λ. Answers with the minimum of bowl plus penalty; the ellipse
///   of the bowl through it; and the size of the penalty's region there: Σ|w| for the diamond, the radius for the disc.
///
/// Questions that a class might ask, and the panel's answers (seed 1, noise 0.35, 2,000 steps at learning rate 0.2):
/// - What happens without a penalty? 95 % of the forty points are classified correctly, at learning rate 1 all of them;
///   of the new points, 83 %.
/// - And with L2 and λ = 0.01? 88 % of the forty, 86 % of the new points: less memorization, better generalization.
/// - And with L1 and λ = 0.003? 96 % of the weights are exactly 0: only a few entries of the matrix remain.
/// - What if λ is too large? All weights become 0, and the output is ½ everywhere.
/// - Why is the minimum at a corner? Move the bowl: with L1, the minimum is on an axis for a whole region of bowl
///   positions, with L2 only for a line of them.
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

    /// The term that L2 adds to the gradient of one weight.
    func slope(_ weight: Float) -> Float { kind == 2 ? lambda * weight : 0 }

    /// The effect of L1 after a step: every weight moves by λ·η towards 0, but not beyond it. This makes weights
    /// exactly 0.
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
        Dense(2, width, initializer: .xavierNormal).boxed, Tanh().boxed,
        Dense(width, width, initializer: .xavierNormal).boxed, Tanh().boxed,
        Dense(width, 2, initializer: .xavierNormal).boxed,
      ], seed: seed)
  }

  /// The moons with their centre moved to the origin.
  private func centred(_ samples: TensorSamples) -> TensorSamples {
    var inputs = samples.inputs
    inputs.withUnsafeMutableElements { for i in $0.indices { $0[i] -= i % 2 == 0 ? 0.5 : 0.25 } }
    return TensorSamples(name: "moons", inputs: inputs, labels: samples.labels, classCount: 2)
  }

  /// One step on all forty points: the gradient of the loss, and the penalty on the weights but not on the biases.
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

  /// The share of correctly classified samples.
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

  /// The bowl ½(w − w°)ᵀH(w − w°), H = (1 ½; ½ 1), and the minimum of its sum with the penalty.
  private func bowl(x: Float, y: Float, _ penalty: Penalty) -> [[Float]] {
    var (u, v) = (x, y)
    // Gradient descent with the same treatment of each penalty as in the network; 400 steps give six digits.
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
      // The numbers of correctly classified points, of forty and of a thousand.
      whole += [Proof.count(parts[1][0], of: 40), Proof.count(parts[1][1], of: 1000)]
      groups += [[parts[0][0], parts[0][59]], [parts[1][3]]]
      groups.append(bowl(x: 1.2, y: 0.4, Penalty(kind: kind, lambda: 0.5))[0])
    }
    return Proof(whole: whole, groups: groups)
  }
}
