// Chapter 1: a small network learns to separate two classes of points; the panel shows its probabilities in the plane.

import Datasets
import NeuralNetworks
import Tensors

/// A network with one to four hidden layers, applied to points in the plane.
///
/// - `reset`: seed, data set (0 spirals, 1 moons), number of points, noise, hidden units, hidden layers, activation
///   (0 tanh, 1 ReLU, 2 sigmoid), momentum. Answers with the points, as alternating x and y, and their classes.
/// - `train`: steps, learning rate, batch size. Answers with the loss of each step, and the accuracy on all points.
/// - `field`: side, reach. Answers with the probability of class 1 at side × side positions in the square from −reach
///   to reach, starting with the top row.
public final class FieldPanel: Panel {
  private var net = Stack([], seed: 0)
  private var points = Tensor.empty
  private var labels: [Int] = []
  private var order: [Int] = []
  private var generator = SeededGenerator(seed: 0)
  private var batch = Batch()

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    var reader = Reader(input)
    switch question {
    case "reset": return reset(&reader)
    case "train":
      let (steps, rate, size) = (reader.int(1...1000), reader.float(0...10), reader.int(1...1000))
      return [(0..<steps).map { _ in step(rate: rate, batch: size) }, [accuracy()]]
    case "field": return [field(side: reader.int(2...200), reach: reader.float(0.1...10))]
    default: return []
    }
  }

  private func reset(_ reader: inout Reader) -> [[Float]] {
    let seed = UInt64(reader.int(0...9_999))
    let isMoons = reader.int(0...1) == 1
    let (count, noise) = (reader.int(4...2000), reader.float(0...2))
    let (units, depth, activation) = (reader.int(1...64), reader.int(1...4), reader.int(0...2))
    let momentum = reader.float(0...0.99)
    let samples =
      isMoons
      ? Moons.samples(count: count, noise: noise, seed: seed) : Spirals.samples(count: count, noise: noise, seed: seed)
    // Move the centre of the moons to the origin, where the spirals have theirs.
    points = samples.inputs
    if isMoons {
      points.withUnsafeMutableElements { for i in $0.indices { $0[i] -= i % 2 == 0 ? 0.5 : 0.25 } }
    }
    labels = samples.labels
    var layers: [BoxedLayer] = []
    for layer in 0..<depth {
      // As in the chapter's network: the first weights are so large that the activations saturate within the square.
      let start: Initializer =
        activation == 1 ? .heNormal : layer == 0 ? .normal(standardDeviation: 3) : .xavierNormal
      layers.append(Dense(layer == 0 ? 2 : units, units, initializer: start).boxed)
      layers.append(activation == 0 ? Tanh().boxed : activation == 1 ? ReLU().boxed : Sigmoid().boxed)
    }
    layers.append(Dense(units, 2).boxed)
    net = Stack(layers, seed: seed, optimizer: SGD(momentum: momentum))
    generator = SeededGenerator(seed: seed, stream: 1)
    order = []
    return [points.elements, labels.map { Float($0) }]
  }

  /// One step on the next `size` points of a shuffled order.
  private func step(rate: Float, batch size: Int) -> Float {
    guard !labels.isEmpty else { return 0 }
    if order.count < min(size, labels.count) { order = generator.permutation(of: labels.count) }
    let chosen = order.suffix(size)
    order.removeLast(chosen.count)
    var inputs: [Float] = []
    for index in chosen { inputs += [points.elements[2 * index], points.elements[2 * index + 1]] }
    let target = Target.classes(chosen.map { labels[$0] })
    return Float(net.step(Tensor([chosen.count, 2], inputs), target, SoftmaxCrossEntropy(), rate: rate))
  }

  private func accuracy() -> Float {
    guard !labels.isEmpty else { return 0 }
    let logits = net.forward(points).elements
    var right = 0
    for (index, label) in labels.enumerated() where (logits[2 * index + 1] > logits[2 * index]) == (label == 1) {
      right += 1
    }
    return Float(right) / Float(labels.count)
  }

  private func field(side: Int, reach: Float) -> [Float] {
    var places: [Float] = []
    places.reserveCapacity(2 * side * side)
    for row in 0..<side {
      for column in 0..<side {
        places.append(reach * (2 * (Float(column) + 0.5) / Float(side) - 1))
        places.append(reach * (1 - 2 * (Float(row) + 0.5) / Float(side)))
      }
    }
    let logits = net.forward(Tensor([side * side, 2], places)).elements
    // Softmax of two classes is the sigmoid of the difference.
    let differences = (0..<side * side).map { logits[2 * $0 + 1] - logits[2 * $0] }
    var result = differences
    Tensor(vector: differences).withUnsafeElements { x in
      result.withUnsafeMutableBufferPointer { y in
        if let x = x.baseAddress, let y = y.baseAddress { Kernels.sigmoid(x, into: y, count: differences.count) }
      }
    }
    return result
  }

  public func proof(_ input: [Float]) -> Proof {
    _ = answer("reset", [1, 0, 200, 0.02, 32, 1, 0, 0.9])
    let losses = answer("train", [100, 0.3, 200])
    return Proof(
      whole: [Proof.count(losses[1][0], of: 200)], groups: [[losses[0][0]], [losses[0][99]], field(side: 4, reach: 1)])
  }
}
