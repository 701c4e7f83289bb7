// The noise of batch statistics by itself: mean and variance of the batch, or of many images, all else as it was.

import Foundation
import Workbook

/// Few images and many epochs; batch norm takes mean and variance over the images of a step, or over many more.
///
/// Every step learns from 32 images. What is left of a permutation is dropped, so that no batch is smaller, but in one
/// of the ways; after training the stored statistics are taken anew from all training images.
struct NoiseFindings: Codable, Sendable {
  /// Which images mean and variance are taken over.
  enum Way: String, Codable, CaseIterable, Sendable {
    case none = "no norm"
    case own = "batch norm, statistics of the step's 32 images"
    case tail = "batch norm, and the last 8 images as a batch"
    case many = "batch norm, statistics of 256 images"

    /// How many images go through the net in a step; the loss is that of the first 32.
    var images: Int { self == .many ? 256 : NoiseFindings.batch }
    var normalization: Normalization { self == .none ? .none : .batch }
  }

  /// A net at the best of some learning rates.
  struct Net: Codable, Sendable {
    var way: Way
    var rate: Double
    /// One for each seed: the errors with statistics taken anew; on the training images too.
    var results: [Result]
  }

  static let batch = 32
  static let rates = [0.03, 0.06, 0.12, 0.25, 0.5]

  var trainingCount: Int
  var epochs: Int
  var nets: [Net] = []

  var isComplete: Bool { nets.count == Way.allCases.count }
  func net(_ way: Way) -> Net? { nets.first { $0.way == way } }
  func errors(_ way: Way) -> Summary { Summary((net(way)?.results ?? []).map(\.error)) }
  /// The points of error that the noise saves: statistics of many images against those of 32.
  var savedByNoise: Summary { errors(.many) - errors(.own) }
  /// The points of error that batch norm saves, its statistics taken anew.
  var savedByNorm: Summary { errors(.none) - errors(.own) }
  /// What a last batch of few images costs batch norm.
  var costOfTail: Summary { errors(.tail) - errors(.own) }
}

extension NoiseFindings {
  /// Trains the first of the ways that is not there yet: rates chosen with four seeds on images kept back.
  mutating func addNext(on digits: Digits, validation: Dataset, seeds: [UInt64], _ run: ChapterRun) throws {
    guard let way = Way.allCases.first(where: { net($0) == nil }) else { return }
    let few = Digits(train: digits.train.prefix(trainingCount), test: digits.test, isReal: digits.isReal)
    let (choosing, epochs) = (4, epochs)
    let ticker = Ticker("noise", total: Self.rates.count * choosing + seeds.count - choosing, run)
    defer { ticker.finish() }
    func runs(_ rates: [Double], _ seeds: [UInt64]) throws -> [[Result]] {
      let all = try inParallel(rates.count * seeds.count) { place in
        run.stopIfInterrupted()
        ticker.tick()
        return try Self.trained(
          way, on: few, choosingBy: validation, rate: Float(rates[place / seeds.count]), epochs: epochs,
          seed: seeds[place % seeds.count])
      }
      return rates.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
    }
    let first = try runs(Self.rates, Array(seeds.prefix(choosing)))
    let best = bestPlace(first.map { Summary($0.compactMap(\.validationError)) }) ?? 0
    let found = first[best] + (try runs([Self.rates[best]], Array(seeds.dropFirst(choosing))))[0]
    nets.append(Net(way: way, rate: Self.rates[best], results: found))
  }

  /// One training run; the statistics are taken anew after it.
  static func trained(
    _ way: Way, on digits: Digits, choosingBy validation: Dataset, rate: Float, epochs: Int, seed: UInt64
  ) throws -> Result {
    var model = try Model(perceptron(way.normalization), input: digits.train.sampleShape, seed: seed)
    let (loss, few) = (SoftmaxCrossEntropy(), FirstRows(count: batch))
    var (optimizer, pass) = (SGD(), Pass(.training, generator: SeededGenerator(seed: seed, stream: 58)))
    var generator = SeededGenerator(seed: seed, stream: 59)
    let count = digits.train.count
    for _ in 0..<epochs {
      let order = generator.permutation(of: count)
      for first in stride(from: 0, through: way == .tail ? count - 1 : count - batch, by: batch) {
        // The 32 of this step, and behind them those that follow in the permutation, in a circle.
        let last = way == .tail ? min(first + batch, count) : first + min(way.images, count)
        let images = (first..<last).map { order[$0 % count] }
        let value = model.step(digits.train.batch(images[...]), few, in: &pass)
        guard value.isFinite else {
          return Result(error: 90, trainingError: 90, diverged: true, validationError: 90)
        }
        optimizer.step(&model, learningRate: rate)
      }
    }
    func error(_ set: Dataset) -> Double { 100 * evaluate(model, on: set, loss: loss).error }
    if way != .none { model.reestimateStatistics(on: digits.train) }
    return Result(
      error: error(digits.test), trainingError: error(digits.train), diverged: false,
      validationError: error(validation))
  }
}

/// Softmax and cross-entropy of the first samples of a batch; the others are only there to be averaged over.
struct FirstRows: Loss {
  /// How many samples count.
  let count: Int
  var name: String { "cross-entropy of the first \(count)" }

  func evaluate(_ output: Tensor, _ target: Target, gradient: inout Tensor) -> Double {
    guard case .classes(let labels) = target, labels.count > count else {
      return SoftmaxCrossEntropy().evaluate(output, target, gradient: &gradient)
    }
    let width = output.shape[1]
    var ofFirst = Tensor(zeros: [count, width])
    let value = SoftmaxCrossEntropy().evaluate(
      Tensor([count, width], Array(output.elements.prefix(count * width))), .classes(Array(labels.prefix(count))),
      gradient: &ofFirst)
    gradient = Tensor(output.shape, ofFirst.elements + [Float](repeating: 0, count: output.count - count * width))
    return value
  }
}
