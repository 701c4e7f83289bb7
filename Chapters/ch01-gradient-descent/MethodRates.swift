// The methods of the bowl on digits, in batches, over many first rates: constant ones, and such as fall to 0. Measured after
// the rest, in the record alone.

import Foundation
import Workbook

/// One result for each of `Walker.all`: the net of the checks, trained on digits.
struct MethodRates: Codable, Sendable {
  /// A method, at a constant rate or at one that falls to 0 by the cosine.
  struct Course: Codable, Sendable {
    /// For each of the method's rates the loss on the digits kept back, the mean of the trials; one that leaves all bounds
    /// counts as 20.
    var tried: [Double]
    /// For each seed the test loss at the end, at the rate whose loss on the digits kept back is lowest.
    var ends: Summary
  }

  /// A method on the digits.
  struct Method: Codable, Sendable {
    /// The first rates that are tried, each twice the one before.
    var rates: [Double]
    var constant: Course
    var falling: Course

    /// The first rates, which fall to 0, that are good.
    var goodRates: [Double] { good(rates, falling.tried) }
    /// The best rate of a course.
    func rate(_ course: Course) -> Double {
      rates[course.tried.indices.min { course.tried[$0] < course.tried[$1] } ?? 0]
    }
  }

  static let (batch, epochs, count) = (32, 4, 6400)
  /// The digits that choose the rates, and those of the test.
  static let (keptCount, testCount) = (1000, 2000)
  /// The smallest rate of each of `Walker.all`, and how many are tried.
  static let (smallest, rateCount) = ([0.0128, 0.0016, 0.0016, 0.0002, 0.0002], 9)

  /// How many seeds chose each rate.
  var trials: Int
  var methods: [Method]

  /// Where to begin, to one digit: the middle of the first rates that are good in short runs and in the long one.
  func begin(_ place: Int, _ long: LongRun?) -> Double {
    let good = methods[place].goodRates.filter { rate in
      long.map { $0.goodRates(place).contains { abs($0 / rate - 1) < 0.01 } } ?? true
    }
    return rounded(((good.first ?? .nan) * (good.last ?? .nan)).squareRoot(), digits: 1)
  }
  /// The steps of a training.
  var steps: Int { Self.epochs * Self.count / Self.batch }
  /// Whether every method ends lower where the rate falls to 0.
  var allGain: Bool { methods.allSatisfy { ($0.constant.ends - $0.falling.ends).direction() == .above } }
  /// The methods, by their places, whose test loss at a falling rate differs from that of plain descent in a direction.
  func methods(_ direction: Summary.Direction) -> [Int] {
    methods.indices.dropFirst().filter {
      (methods[0].falling.ends - methods[$0].falling.ends).direction(among: methods.count - 1) == direction
    }
  }
}

extension MethodRates {
  /// - Parameters:
  ///   - kept: the digits on which rates are chosen.
  ///   - trials: the seeds on which rates are chosen.
  init(on data: Dataset, kept: Dataset, test: Dataset, seeds: [UInt64], trials: [UInt64]) throws {
    methods = try Walker.all.enumerated().map { place, walker in
      let rates = (0..<Self.rateCount).map { Self.smallest[place] * Double(1 << $0) }
      func course(falls: Bool) throws -> Course {
        func end(_ rate: Double, _ seed: UInt64, on images: Dataset) throws -> Double {
          boundedLoss(try learned(on: data, walker.optimizer, rate: rate, falls: falls, seed: seed), on: images)
        }
        let ends = try inParallel(rates.count * trials.count) { index in
          try end(rates[index / trials.count], trials[index % trials.count], on: kept)
        }
        let tried = rates.indices.map { Summary(Array(ends[$0 * trials.count..<($0 + 1) * trials.count])).mean }
        let rate = rates[tried.indices.min { tried[$0] < tried[$1] } ?? 0]
        let runs = try inParallel(seeds.count) { try end(rate, seeds[$0], on: test) }
        return Course(
          tried: tried.map { rounded($0, decimals: 4) }, ends: Summary(runs.map { rounded($0, decimals: 4) }))
      }
      return Method(rates: rates, constant: try course(falls: false), falling: try course(falls: true))
    }
    self.trials = trials.count
  }
}

/// The rates whose loss is less than a fifth above the lowest.
private func good(_ rates: [Double], _ losses: [Double]) -> [Double] {
  zip(rates, losses).filter { $1 <= 1.2 * (losses.min() ?? 0) }.map(\.0)
}

/// Momentum and Adam on as many digits as the program of the page trains on: a long run.
struct LongRun: Codable, Sendable {
  /// The digits to train on, and those on which rates are compared.
  static let (count, keptCount) = (55_000, 5000)
  /// By their places in `Walker.all`, with the first of five rates each.
  static let methods = [(place: 1, smallest: 0.0064), (place: 4, smallest: 0.0004)]
  var steps: Int
  /// For each method its first rates, which fall to 0, and for each rate and seed the loss on the digits kept back.
  var rates: [[Double]]
  var losses: [[[Double]]]

  /// The good rates of a method, by its place in `Walker.all`.
  func goodRates(_ place: Int) -> [Double] {
    let method = Self.methods.firstIndex { $0.place == place } ?? 0
    return good(rates[method], losses[method].map { Summary($0).mean })
  }
}

extension LongRun {
  init(on data: Dataset, kept: Dataset, seeds: [UInt64]) throws {
    (steps, losses) = (MethodRates.epochs * data.count / MethodRates.batch, [])
    rates = Self.methods.map { method in (0..<5).map { method.smallest * Double(1 << $0) } }
    for (method, rates) in zip(Self.methods, rates) {
      losses.append(
        try rates.map { rate in
          try seeds.map {
            let optimizer = Walker.all[method.place].optimizer
            return rounded(
              boundedLoss(try learned(on: data, optimizer, rate: rate, falls: true, seed: $0), on: kept), decimals: 4)
          }
        })
    }
  }
}

/// The net of the checks after `MethodRates.epochs` epochs of digits.
///
/// - Parameter falls: whether the rate falls to 0, as the cosine does.
func learned(
  on data: Dataset, _ optimizer: any Optimizer, rate: Double, falls: Bool, batch size: Int = MethodRates.batch,
  seed: UInt64
) throws -> Model {
  var model = try Model(digitNet(gain: 0.1), input: data.sampleShape, seed: seed)
  var (optimizer, batch, pass) = (optimizer, Batch(), Pass(.training))
  let loss = SoftmaxCrossEntropy()
  var (generator, order) = (SeededGenerator(seed: seed, stream: 8), [Int]())
  let steps = MethodRates.epochs * data.count / size
  for step in 0..<steps {
    if order.count < size { order = generator.permutation(of: data.count) }
    data.load(order.suffix(size), into: &batch)
    order.removeLast(size)
    _ = model.step(batch, loss, in: &pass)
    optimizer.step(&model, learningRate: Float(falls ? rate * FallingRate.cosine(step, of: steps) : rate))
  }
  return model
}

/// A loss on digits; 20 where it has left all bounds.
func boundedLoss(_ model: Model, on data: Dataset) -> Double {
  let value = evaluate(model, on: data, loss: SoftmaxCrossEntropy()).loss
  return value.isFinite ? min(value, 20) : 20
}
