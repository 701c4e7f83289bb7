// Chapter 10: LeNet-5 learns a few thousand digits in front of the class.

import Datasets
import NeuralNetworks
import Tensors

/// LeNet-5 on digits that the program draws, so that the page need not carry any.
///
/// - `reset`: seed, digits to learn from, whether normalized (0 or 1), momentum. Answers with nothing.
/// - `train`: steps, rate, batch. Answers with the loss of each step; and how many images were seen in all.
/// - `look`: Answers with the six filters, 6×5×5; the share of 500 other digits told wrongly; the six maps of one digit,
///   6×28×28, and that digit, 28×28.
public final class LeNetPanel: Panel {
  private var net = Stack(LeNet.layers(), seed: 0)
  private var digits = SyntheticDigits.dataset(count: 1, seed: 1)
  private var others = SyntheticDigits.dataset(count: 1, seed: 2)
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
    case "look": return look()
    default: return []
    }
  }

  private func reset(seed: UInt64, count: Int, isNormalized: Bool, momentum: Float) {
    net = Stack(LeNet.layers(isNormalized: isNormalized), seed: seed, optimizer: SGD(momentum: momentum))
    if digits.count != count { digits = SyntheticDigits.dataset(count: count, seed: 1) }
    if others.count != 500 { others = SyntheticDigits.dataset(count: 500, seed: 2) }
    generator = SeededGenerator(seed: seed, stream: 1)
    (order, seen) = ([], 0)
  }

  private func step(rate: Float, size: Int) -> Float {
    if order.count < size { order = generator.permutation(of: digits.count) }
    let chosen = order.suffix(size)
    order.removeLast(chosen.count)
    digits.load(chosen, into: &batch)
    seen += chosen.count
    return Float(net.step(batch.inputs, .classes(batch.labels), SoftmaxCrossEntropy(), rate: rate))
  }

  private func look() -> [[Float]] {
    let test = others.batch(first: others.count)
    let logits = net.forward(test.inputs).elements
    var wrong = 0
    for (index, label) in test.labels.enumerated() {
      let row = logits[10 * index..<10 * index + 10]
      if row.firstIndex(of: row.max() ?? 0) != 10 * index + label { wrong += 1 }
    }
    var filters: [Float] = []
    net.visitParameters { if filters.isEmpty { filters = $0.value.elements } }
    let maps = Array(net.outputs[0].elements.prefix(6 * 28 * 28))
    let digit = others.pixels.prefix(28 * 28).map { Float($0) / 255 }
    return [filters, [Float(wrong) / Float(max(1, test.count))], maps, digit]
  }

  /// The loss of the hundredth step, and the filters after it.
  public func proof(_ input: [Float]) -> [Float] {
    reset(seed: 1, count: 64, isNormalized: true, momentum: 0.9)
    var losses: [Float] = []
    for _ in 0..<100 { losses.append(step(rate: 0.02, size: 8)) }
    var filters: [Float] = []
    net.visitParameters { if filters.isEmpty { filters = $0.value.elements } }
    reset(seed: 1, count: 64, isNormalized: true, momentum: 0.9)
    return [losses[0], losses[99]] + filters
  }
}
