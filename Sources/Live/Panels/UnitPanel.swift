// Chapter 2: a single ReLU unit and a cloud of samples; the unit is active on one side of a line, and can die.

import Foundation
import NeuralNetworks
import Tensors

/// A unit a(w·x + b) that learns the outputs of another unit, on 150 samples of two numbers.
///
/// - `begin`: the direction of w in degrees, b, activation (0 ReLU, 1 leaky ReLU, 2 ELU), seed of the order of the
///   samples. Answers with the samples, as alternating x and y.
/// - `through`: the direction of w, x, y. Answers with the bias at which the line of pre-activation 0 goes through that
///   point.
/// - `look`: answers with the pre-activation of each sample; the share of samples for which the unit is active, the
///   share from which it can learn (slope of at least a thousandth), and the loss; a point of the line and the
///   direction of w; and w and b.
/// - `train`: steps, learning rate, batch size. Answers with both shares and the loss after each step.
///
/// Questions that a class might ask, and the panel's answers:
/// - When is it dead? When the line leaves the cloud: the unit is inactive for every sample, all gradients are 0, and
///   nothing ever changes again.
/// - Which learning rate kills it? With all samples in a batch, it learns at 0.2 and dies immediately at 0.3, because
///   the step overshoots the cloud. With ten samples in a batch, it dies at 0.2 for two of five orders of the samples.
/// - Is the loss small when it is dead? No: it is 0.187, the loss of a constant output of 0.
/// - Does a leak help? From b = −8, at learning rate 0.1 with all samples, the first sample is active after 436 steps.
/// - And ELU? After 80 steps: close to its line the slope is nearly 1, and it decreases with the distance.
public final class UnitPanel: Panel {
  private var unit = Stack([Dense(2, 1).boxed, ReLU().boxed], seed: 1)
  private let samples: Tensor
  private let target: Tensor
  private var generator = SeededGenerator(seed: 1)
  private var order: [Int] = []

  /// Draws the same cloud as in the chapter, and computes the targets with another unit.
  public init() {
    var generator = SeededGenerator(seed: 1, stream: 26)
    var points: [Float] = []
    for _ in 0..<150 {
      points.append(2.2 + 0.8 * generator.nextNormal())
      points.append(1.3 + 0.5 * generator.nextNormal())
    }
    samples = Tensor([150, 2], points)
    let teacher = Stack([Dense(2, 1).boxed, ReLU().boxed], seed: 1)
    teacher.load([0.8, -0.6, -0.7])
    target = teacher.forward(samples)
  }

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    var reader = Reader(input)
    switch question {
    case "begin":
      let (angle, bias) = (reader.float(-360...360), reader.float(-20...20))
      let (activation, seed) = (reader.int(0...2), UInt64(reader.int(0...9_999)))
      begin(angle: angle, bias: bias, activation: activation, seed: seed)
      return [samples.elements]
    case "through":
      let weights = direction(reader.float(-360...360))
      return [[-(weights[0] * reader.float() + weights[1] * reader.float())]]
    case "look": return look()
    case "train":
      let (steps, rate, batch) = (reader.int(1...1000), reader.float(0...10), reader.int(1...150))
      var parts: [[Float]] = [[], [], []]
      for _ in 0..<steps {
        step(rate: rate, batch: batch)
        for (place, number) in shares().enumerated() { parts[place].append(number) }
      }
      return parts
    default: return []
    }
  }

  private func begin(angle: Float, bias: Float, activation: Int, seed: UInt64) {
    let last = activation == 0 ? ReLU().boxed : activation == 1 ? LeakyReLU().boxed : ELU().boxed
    unit = Stack([Dense(2, 1).boxed, last], seed: 1)
    unit.load(direction(angle) + [bias])
    generator = SeededGenerator(seed: seed, stream: 1)
    order = []
  }

  /// Weights of length 1 in the given direction.
  private func direction(_ degrees: Float) -> [Float] {
    [cos(degrees / 180 * Float.pi), sin(degrees / 180 * Float.pi)]
  }

  /// w and b.
  private var parameters: [Float] {
    var numbers: [Float] = []
    unit.visitParameters { numbers += $0.value.elements }
    return numbers
  }

  /// One step of gradient descent on the next samples of a shuffled order.
  private func step(rate: Float, batch size: Int) {
    if order.count < size { order = generator.permutation(of: target.count) }
    let chosen = order.suffix(size)
    order.removeLast(chosen.count)
    var (inputs, targets): ([Float], [Float]) = ([], [])
    for index in chosen {
      inputs += [samples.elements[2 * index], samples.elements[2 * index + 1]]
      targets.append(target.elements[index])
    }
    let goal = Target.values(Tensor([chosen.count, 1], targets))
    _ = unit.step(Tensor([chosen.count, 2], inputs), goal, MeanSquaredError(), rate: rate)
  }

  /// The share of samples for which the unit is active, the share with a slope, and the loss on all samples.
  private func shares() -> [Float] {
    var gradient = Tensor.empty
    let loss = MeanSquaredError().evaluate(unit.forward(samples), .values(target), gradient: &gradient)
    // The backward pass of a gradient of 1 through the activation gives its slope.
    gradient.fill(1)
    unit.backward(gradient)
    let answering = unit.outputs[0].elements.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
    let learning = unit.gradients[0].elements.reduce(0) { $0 + ($1 >= 1e-3 ? 1 : 0) }
    let count = Float(target.count)
    return [Float(answering) / count, Float(learning) / count, Float(loss)]
  }

  private func look() -> [[Float]] {
    let shares = shares()
    let (x, y, bias) = (parameters[0], parameters[1], parameters[2])
    // The point of the line nearest to the centre of the cloud.
    let square = max(x * x + y * y, 1e-12)
    let away = (x * 2.2 + y * 1.3 + bias) / square
    let length = square.squareRoot()
    return [
      unit.outputs[0].elements, shares, [2.2 - away * x, 1.3 - away * y, x / length, y / length], parameters,
    ]
  }

  public func proof(_ input: [Float]) -> Proof {
    var (whole, groups): ([Float], [[Float]]) = ([], [])
    for activation in 0...2 {
      begin(angle: 37, bias: -1, activation: activation, seed: 1)
      let parts = answer("train", [40, 0.1, 10])
      // The numbers of the 150 samples for which it is active, and from which it learns.
      whole += [parts[0][39], parts[1][39]].map { Proof.count($0, of: 150) }
      groups += [[parts[2][39]], parameters]
    }
    return Proof(whole: whole, groups: groups)
  }
}
