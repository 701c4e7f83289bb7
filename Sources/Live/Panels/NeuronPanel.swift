// Chapter 8: one badly wrong neuron learns twice, from squared error and from cross-entropy.

import Foundation
import NeuralNetworks
import Tensors

/// The same sigmoid neuron, ŷ = σ(w·1 + b), under two losses.
///
/// - `begin`: w, b, target. Both neurons begin there. Answers as `look` does.
/// - `largest`: w, target. Answers with the bias at which the push of squared error is largest, and that ŷ.
/// - `bias`: w, target, ŷ. Answers with the bias at which the neuron says ŷ; next to the largest push, exactly there.
/// - `look`: for squared error and then for cross-entropy: ŷ, the loss, the push ∂L/∂z. Then the slope ŷ(1 − ŷ) of each.
/// - `train`: steps, rate. Answers with ŷ after each step, squared error's first, then cross-entropy's; then the two
///   losses; then how many steps each has made when it first came within 0.2 of its target, 0 where it has not.
/// - `curves`: target, count. Answers with the pushes of the two losses at ŷ = 1/count … (count − 1)/count.
///
/// What a class might ask, and what the panel says (target 0, rate 0.15):
/// - How long does a neuron that begins at w = b = 2 need? 302 steps with squared error, 31 with cross-entropy.
/// - And from 3? 1,486 steps against 38: no one factor makes the losses equal.
/// - Where is the push largest? At two thirds, where it is 4/27 = 0.148; for target 1 at one third.
/// - What if the rate doubles? Half as many steps for both, 152 and 15: the plateau is as long in proportion.
/// - Where is cross-entropy's push largest? At the worst answer: it is the error itself.
public final class NeuronPanel: Panel {
  // The layers of the one end in a sigmoid; the loss of the other has it inside, and takes the logit z.
  private let squared = Stack([Dense(1, 1).held, Sigmoid().held], seed: 1)
  private let entropy = Stack([Dense(1, 1).held], seed: 1)
  private let input = Tensor([1, 1], [1])
  private var target = Target.values(Tensor([1, 1], [0]))
  private var wanted: Float = 0
  private var steps = 0
  private var arrivals: [Float] = [0, 0]

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    var reader = Reader(input)
    switch question {
    case "begin":
      let (weight, bias) = (reader.float(-20...20), reader.float(-20...20))
      begin(weight: weight, bias: bias, target: reader.float(0...1))
      return look()
    case "largest": return largest(weight: reader.float(-20...20), target: reader.float(0...1))
    case "bias":
      let (weight, target) = (reader.float(-20...20), reader.float(0...1))
      let best = largest(weight: weight, target: target)
      let wanted = reader.float(0.005...0.995)
      return abs(wanted - best[0][1]) < 0.01 ? best : [[logit(wanted) - weight, wanted]]
    case "look": return look()
    case "train": return train(steps: reader.int(1...10_000), rate: reader.float(0...100))
    case "curves": return curves(target: reader.float(0...1), count: reader.int(2...1000))
    default: return []
    }
  }

  private func begin(weight: Float, bias: Float, target wanted: Float) {
    squared.load([weight, bias])
    entropy.load([weight, bias])
    (self.wanted, target) = (wanted, .values(Tensor([1, 1], [wanted])))
    (steps, arrivals) = (0, [0, 0])
  }

  /// One step of gradient descent after the other, the same for both.
  private func train(steps count: Int, rate: Float) -> [[Float]] {
    var parts: [[Float]] = [[], [], [], []]
    for _ in 0..<count {
      _ = squared.step(input, target, MeanSquaredError(), rate: rate)
      _ = entropy.step(input, target, BinaryCrossEntropy(), rate: rate)
      steps += 1
      let now = look()
      for (place, neuron) in [0, 1].enumerated() {
        parts[place].append(now[neuron][0])
        parts[2 + place].append(now[neuron][1])
        if arrivals[place] == 0, abs(now[neuron][0] - wanted) < 0.2 { arrivals[place] = Float(steps) }
      }
    }
    return parts + [arrivals]
  }

  /// ŷ, loss and push of each, where they stand.
  private func look() -> [[Float]] {
    var gradient = Tensor.empty
    let output = squared.forward(input)
    let loss = MeanSquaredError().evaluate(output, target, gradient: &gradient)
    // Back through the sigmoid: what arrives at z.
    squared.backward(gradient)
    let first = [output.elements[0], Float(loss), squared.gradients[0].elements[0]]

    let logit = entropy.forward(input)
    let surprise = BinaryCrossEntropy().evaluate(logit, target, gradient: &gradient)
    var sigmoid = Sigmoid()
    let answer = sigmoid.forward(logit).elements[0]
    let second = [answer, Float(surprise), gradient.elements[0]]
    return [first, second, [first, second].map { $0[0] * (1 - $0[0]) }]
  }

  /// Where the push of squared error is largest.
  ///
  /// It is (ŷ − y)·ŷ(1 − ŷ). Its derivative, −3ŷ² + 2(1 + y)ŷ − y, is 0 at ŷ = (1 + y ± √(1 − y + y²))/3: for y = 0 at
  /// two thirds, for y = 1 at one third. Of the two the one on the wider side of the target is taken.
  private func largest(weight: Float, target: Float) -> [[Float]] {
    let root = (1 - target + target * target).squareRoot()
    let place = (1 + target + (target <= 0.5 ? root : -root)) / 3
    return [[logit(place) - weight, place]]
  }

  /// Where σ(z) is `answer`: ln 2 for two thirds.
  private func logit(_ answer: Float) -> Float { log(answer / (1 - answer)) }

  /// The push of both losses at answers from 0 to 1.
  private func curves(target: Float, count: Int) -> [[Float]] {
    let answers = (1..<count).map { Float($0) / Float(count) }
    let logits = Tensor([answers.count, 1], answers.map { logit($0) })
    let targets = Target.values(Tensor([answers.count, 1], repeating: target))
    var (gradient, sigmoid) = (Tensor.empty, Sigmoid())
    let outputs = sigmoid.forward(logits)
    // Added, not averaged: each answer is a case of its own.
    _ = MeanSquaredError(reduction: .sum).evaluate(outputs, targets, gradient: &gradient)
    let pushes = sigmoid.backward(gradient, input: logits, output: outputs)
    _ = BinaryCrossEntropy(reduction: .sum).evaluate(logits, targets, gradient: &gradient)
    return [pushes.elements, gradient.elements]
  }

  public func proof(_ input: [Float]) -> Proof {
    begin(weight: 2, bias: 2, target: 0)
    let parts = train(steps: 200, rate: 0.15)
    // When each came near its target; then every number by itself, and the pushes' two curves.
    let groups = parts[..<4].map { [$0[$0.count - 1]] } + look().flatMap { $0.map { [$0] } }
    return Proof(whole: parts[4], groups: groups + curves(target: 0.25, count: 8))
  }
}
