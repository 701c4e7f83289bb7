// Chapter 2: one rectified unit over a cloud of samples, which it answers on one side of a line; until it dies.

import Foundation
import NeuralNetworks
import Tensors

/// One unit a(w·x + b) that shall learn what another unit says, on 150 samples of two numbers.
///
/// - `begin`: the direction of w in degrees, b, activation (0 ReLU, 1 leaky ReLU, 2 ELU), seed of the order of the
///   samples. Answers with the samples, x and y in turn.
/// - `through`: the direction of w, x, y. Answers with the bias at which the line of sum 0 goes through that point.
/// - `look`: Answers with the sum of each sample; the share of samples that the unit answers, that through which it
///   still learns (slope of at least a thousandth), and the loss; a point of the line and the direction of w; and w and b.
/// - `train`: steps, rate, batch. Answers with both shares and the loss after each step.
///
/// What a class might ask, and what the panel says:
/// - When is it dead? When the line leaves the cloud: no sample answers, no gradient comes, nothing ever moves again.
/// - Which rate kills it? With all samples in a step 0.2 learns and 0.3 kills at once: the step overshoots the cloud. With
///   ten samples in a step 0.2 kills it in two orders of the samples out of five.
/// - Is the loss small when it is dead? No: 0.187, that of saying 0 always.
/// - Does a leak help? From b = −8, at rate 0.1, the first sample is answered again after 436 steps of all samples.
/// - And ELU? After 80: just behind its line the slope is nearly 1, and it fades with the distance.
public final class UnitPanel: Panel {
  private var unit = Stack([Dense(2, 1).held, ReLU().held], seed: 1)
  private let samples: Tensor
  private let target: Tensor
  private var generator = SeededGenerator(seed: 1)
  private var order: [Int] = []

  /// Draws the cloud, the same as in the chapter, and asks another unit what is to be said of it.
  public init() {
    var generator = SeededGenerator(seed: 1, stream: 26)
    var points: [Float] = []
    for _ in 0..<150 {
      points.append(2.2 + 0.8 * generator.nextNormal())
      points.append(1.3 + 0.5 * generator.nextNormal())
    }
    samples = Tensor([150, 2], points)
    let teacher = Stack([Dense(2, 1).held, ReLU().held], seed: 1)
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
    let last = activation == 0 ? ReLU().held : activation == 1 ? LeakyReLU().held : ELU().held
    unit = Stack([Dense(2, 1).held, last], seed: 1)
    unit.load(direction(angle) + [bias])
    generator = SeededGenerator(seed: seed, stream: 1)
    order = []
  }

  /// Weights of length 1 that point in a direction.
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
    var (inputs, wanted): ([Float], [Float]) = ([], [])
    for index in chosen {
      inputs += [samples.elements[2 * index], samples.elements[2 * index + 1]]
      wanted.append(target.elements[index])
    }
    let goal = Target.values(Tensor([chosen.count, 1], wanted))
    _ = unit.step(Tensor([chosen.count, 2], inputs), goal, MeanSquaredError(), rate: rate)
  }

  /// The share of samples that are answered, of those that have a slope, and the loss on all.
  private func shares() -> [Float] {
    var gradient = Tensor.empty
    let loss = MeanSquaredError().evaluate(unit.forward(samples), .values(target), gradient: &gradient)
    // A gradient of 1 sent back through the activation comes out as its slope.
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
    // The point of the line that is nearest to the middle of the cloud.
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
      // How many of the 150 samples it answers, and learns from.
      whole += [parts[0][39], parts[1][39]].map { Proof.count($0, of: 150) }
      groups += [[parts[2][39]], parameters]
    }
    return Proof(whole: whole, groups: groups)
  }
}
