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

    /// The rates at which the loss on the digits kept back is less than a fifth above the lowest.
    func goodRates(_ course: Course) -> [Double] {
      let limit = 1.2 * (course.tried.min() ?? 0)
      return zip(rates, course.tried).filter { $1 <= limit }.map(\.0)
    }
    /// The best rate of a course.
    func rate(_ course: Course) -> Double {
      rates[course.tried.indices.min { course.tried[$0] < course.tried[$1] } ?? 0]
    }
    /// Where to begin: the best first rate of a falling rate, to one digit.
    var begin: Double { rounded(rate(falling), digits: 1) }
  }

  static let (batch, epochs, count) = (32, 4, 6400)
  /// The digits that choose the rates, and those of the test.
  static let (keptCount, testCount) = (1000, 2000)
  /// The smallest rate of each of `Walker.all`, and how many are tried.
  static let (smallest, rateCount) = ([0.0128, 0.0016, 0.0016, 0.0002, 0.0002], 9)

  /// How many seeds chose each rate.
  var trials: Int
  var methods: [Method]

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

/// The net of the checks after `MethodRates.epochs` epochs of digits, in batches of `MethodRates.batch`.
///
/// - Parameter falls: whether the rate falls to 0, as the cosine does.
func learned(
  on data: Dataset, _ optimizer: any Optimizer, rate: Double, falls: Bool, seed: UInt64
) throws -> Model {
  var model = try Model(digitNet(gain: 0.1), input: data.sampleShape, seed: seed)
  var (optimizer, batch, pass) = (optimizer, Batch(), Pass(.training))
  let loss = SoftmaxCrossEntropy()
  var (generator, order) = (SeededGenerator(seed: seed, stream: 8), [Int]())
  let steps = MethodRates.epochs * data.count / MethodRates.batch
  for step in 0..<steps {
    if order.count < MethodRates.batch { order = generator.permutation(of: data.count) }
    data.load(order.suffix(MethodRates.batch), into: &batch)
    order.removeLast(MethodRates.batch)
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
