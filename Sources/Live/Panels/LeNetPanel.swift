// Chapter 10: LeNet-5 is trained live on a few thousand digits.

import Datasets
import NeuralNetworks
import Tensors

/// LeNet-5 on synthetic digits, which need not be stored in the page.
///
/// - `reset`: seed, number of training digits, batch normalization (0 or 1), momentum. Answers with nothing.
/// - `draw`: draws a hundred of the required digits. Answers with the number of digits still to be drawn.
/// - `train`: steps, learning rate, batch size. Answers with the loss of each step, and the total number of images
///   used.
/// - `look`: whether to test (0 or 1). Answers with the six filters, 6×5×5; if requested, the error on 500 test digits;
///   the six feature maps of one digit, 6×28×28; and that digit, 28×28.
public final class LeNetPanel: Panel {
  private var net = Stack(LeNet.layers(), seed: 0)
  private var (digits, others) = (DrawnDigits(seed: 1), DrawnDigits(seed: 2))
  /// The number of training digits, and the number of test digits.
  private var (count, tests) = (1, 500)
  private var order: [Int] = []
  private var generator = SeededGenerator(seed: 0)
  private var batch = Batch()
  private var seen = 0

  public init() {}

  public func answer(_ question: Word, _ input: [Float]) -> [[Float]] {
    var reader = Reader(input)
    switch question {
    case "reset":
      reset(
        seed: UInt64(reader.int(0...9_999)), count: reader.int(64...10_000), isNormalized: reader.int(0...1) == 1,
        momentum: reader.float(0...0.99))
      return []
    case "train":
      let (steps, rate, size) = (reader.int(1...1000), reader.float(0...10), reader.int(1...512))
      let losses = (0..<steps).map { _ in step(rate: rate, size: size) }
      return [losses, [Float(seen)]]
    case "draw":
      if digits.drawn.count < count { digits.draw() } else if others.drawn.count < tests { others.draw() }
      return [[Float(max(0, count - digits.drawn.count) + max(0, tests - others.drawn.count))]]
    case "look": return look(tests: reader.int(0...1) == 1)
    default: return []
    }
  }

  private func reset(seed: UInt64, count: Int, isNormalized: Bool, momentum: Float) {
    net = Stack(LeNet.layers(isNormalized: isNormalized), seed: seed, optimizer: SGD(momentum: momentum))
    self.count = count
    generator = SeededGenerator(seed: seed, stream: 1)
    (order, seen) = ([], 0)
  }

  private func step(rate: Float, size: Int) -> Float {
    while digits.drawn.count < count { digits.draw() }
    if order.count < size { order = generator.permutation(of: count) }
    let chosen = order.suffix(size)
    order.removeLast(chosen.count)
    digits.drawn.load(chosen, into: &batch)
    seen += chosen.count
    return Float(net.step(batch.inputs, .classes(batch.labels), SoftmaxCrossEntropy(), rate: rate))
  }

  private func look(tests isTested: Bool) -> [[Float]] {
    if others.drawn.count == 0 { others.draw() }
    let first = others.drawn.batch(first: 1)
    net.forward(first.inputs)
    let maps = Array(net.outputs[0].elements.prefix(6 * 28 * 28))
    let digit = others.drawn.pixels.prefix(28 * 28).map { Float($0) / 255 }
    return [filters(), isTested ? [error()] : [], maps, digit]
  }

  /// The share of misclassified test digits.
  private func error() -> Float {
    while others.drawn.count < tests { others.draw() }
    let test = others.drawn.batch(first: tests)
    let logits = net.forward(test.inputs).elements
    var wrong = 0
    for (index, label) in test.labels.enumerated() {
      let row = logits[10 * index..<10 * index + 10]
      if row.firstIndex(of: row.max() ?? 0) != 10 * index + label { wrong += 1 }
    }
    return Float(wrong) / Float(test.count)
  }

  private func filters() -> [Float] {
    var filters: [Float] = []
    net.visitParameters { if filters.isEmpty { filters = $0.value.elements } }
    return filters
  }

  /// The losses of the first and the hundredth step, and the filters after it.
  public func proof(_ input: [Float]) -> Proof {
    reset(seed: 1, count: 64, isNormalized: true, momentum: 0.9)
    var losses: [Float] = []
    for _ in 0..<100 { losses.append(step(rate: 0.02, size: 8)) }
    return Proof(groups: [[losses[0]], [losses[99]], filters()])
  }
}

/// Synthetic digits, drawn a hundred at a time: two thousand take nearly a second, which would block the page.
private struct DrawnDigits {
  private static let most = 100
  private let seed: UInt64
  /// The digits drawn so far.
  private(set) var drawn: Dataset

  init(seed: UInt64) {
    self.seed = seed
    drawn = SyntheticDigits.dataset(count: 0, seed: seed)
  }

  mutating func draw() {
    let more = SyntheticDigits.dataset(count: Self.most, seed: seed + 10 * UInt64(drawn.count / Self.most))
    drawn.pixels += more.pixels
    drawn.labels += more.labels
  }
}
