// Chapter 8: a badly wrong neuron is trained twice, with squared error and with cross-entropy.

import Foundation
import NeuralNetworks
import Tensors

/// The same sigmoid neuron, ŷ = σ(w·1 + b), with two losses.
///
/// - `begin`: w, b, target. Sets the initial values of both neurons. Answers like `look`.
/// - `largest`: w, target. Answers with the bias at which the gradient of squared error is largest, and that ŷ.
/// - `bias`: w, target, ŷ. Answers with the bias at which the output is ŷ; close to the largest gradient, with the bias
///   of the largest gradient itself.
/// - `look`: answers with ŷ, the loss and the gradient ∂L/∂z for squared error, then for cross-entropy; then with the
///   slope ŷ(1 − ŷ) of each.
/// - `train`: steps, learning rate. Answers with ŷ after each step, for squared error and for cross-entropy; then with
///   the two losses; then with the number of steps after which each first came within 0.2 of its target, or 0 if it has
///   not.
/// - `curves`: target, count. Answers with the gradients of the two losses at ŷ = 1/count … (count − 1)/count.
///
/// Questions that a class might ask, and the panel's answers (target 0, learning rate 0.15):
/// - How long does a neuron need that starts at w = b = 2? 302 steps with squared error, 31 with cross-entropy.
/// - And from 3? 1,486 steps compared with 38: no constant factor makes the losses equivalent.
/// - Where is the gradient of squared error largest? At ŷ = 2/3, where it is 4/27 = 0.148; for target 1 at ŷ = 1/3.
/// - What if the learning rate doubles? Both need half as many steps, 152 and 15: the relative length of the plateau
///   does not change.
/// - Where is the gradient of cross-entropy largest? At the worst output: it equals the error.
public final class NeuronPanel: Panel {
  // The first network ends with a sigmoid; the loss of the second includes the sigmoid and takes the logit z.
  private let squared = Stack([Dense(1, 1).boxed, Sigmoid().boxed], seed: 1)
  private let entropy = Stack([Dense(1, 1).boxed], seed: 1)
  private let input = Tensor([1, 1], [1])
  private var target = Target.values(Tensor([1, 1], [0]))
  private var desired: Float = 0
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
      let desired = reader.float(0.005...0.995)
      return abs(desired - best[0][1]) < 0.01 ? best : [[logit(desired) - weight, desired]]
    case "look": return look()
    case "train": return train(steps: reader.int(1...10_000), rate: reader.float(0...100))
    case "curves": return curves(target: reader.float(0...1), count: reader.int(2...1000))
    default: return []
    }
  }

  private func begin(weight: Float, bias: Float, target desired: Float) {
    squared.load([weight, bias])
    entropy.load([weight, bias])
    (self.desired, target) = (desired, .values(Tensor([1, 1], [desired])))
    (steps, arrivals) = (0, [0, 0])
  }

  /// Trains both neurons for the same number of gradient descent steps.
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
        if arrivals[place] == 0, abs(now[neuron][0] - desired) < 0.2 { arrivals[place] = Float(steps) }
      }
    }
    return parts + [arrivals]
  }

  /// The current ŷ, loss and gradient of each neuron, and the slopes.
  private func look() -> [[Float]] {
    var gradient = Tensor.empty
    let output = squared.forward(input)
    let loss = MeanSquaredError().evaluate(output, target, gradient: &gradient)
    // Backward through the sigmoid: the gradient with respect to z.
    squared.backward(gradient)
    let first = [output.elements[0], Float(loss), squared.gradients[0].elements[0]]

    let logit = entropy.forward(input)
    let surprise = BinaryCrossEntropy().evaluate(logit, target, gradient: &gradient)
    var sigmoid = Sigmoid()
    let answer = sigmoid.forward(logit).elements[0]
    let second = [answer, Float(surprise), gradient.elements[0]]
    return [first, second, [first, second].map { $0[0] * (1 - $0[0]) }]
  }

  /// The bias and the output at which the gradient of squared error is largest.
  ///
  /// The gradient is (ŷ − y)·ŷ(1 − ŷ). Its derivative, −3ŷ² + 2(1 + y)ŷ − y, is 0 at ŷ = (1 + y ± √(1 − y + y²))/3: for
  /// y = 0 at 2/3, for y = 1 at 1/3. Of the two solutions, the one on the wider side of the target is used.
  private func largest(weight: Float, target: Float) -> [[Float]] {
    let root = (1 - target + target * target).squareRoot()
    let place = (1 + target + (target <= 0.5 ? root : -root)) / 3
    return [[logit(place) - weight, place]]
  }

  /// The logit z with σ(z) = `answer`: ln 2 for 2/3.
  private func logit(_ answer: Float) -> Float { log(answer / (1 - answer)) }

  /// The gradients of both losses at outputs between 0 and 1.
  private func curves(target: Float, count: Int) -> [[Float]] {
    let answers = (1..<count).map { Float($0) / Float(count) }
    let logits = Tensor([answers.count, 1], answers.map { logit($0) })
    let targets = Target.values(Tensor([answers.count, 1], repeating: target))
    var (gradient, sigmoid) = (Tensor.empty, Sigmoid())
    let outputs = sigmoid.forward(logits)
    // Summed, not averaged: each output is a separate case.
    _ = MeanSquaredError(reduction: .sum).evaluate(outputs, targets, gradient: &gradient)
    let pushes = sigmoid.backward(gradient, input: logits, output: outputs)
    _ = BinaryCrossEntropy(reduction: .sum).evaluate(logits, targets, gradient: &gradient)
    return [pushes.elements, gradient.elements]
  }

  public func proof(_ input: [Float]) -> Proof {
    begin(weight: 2, bias: 2, target: 0)
    let parts = train(steps: 200, rate: 0.15)
    // The step at which each came near its target; then each number in its own group, and the two gradient curves.
    let groups = parts[..<4].map { [$0[$0.count - 1]] } + look().flatMap { $0.map { [$0] } }
    return Proof(whole: parts[4], groups: groups + curves(target: 0.25, count: 8))
  }
}
