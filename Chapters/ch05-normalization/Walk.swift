// The gradient ahead: how large it is and where it points, one step and four steps ahead and at a fixed distance.

import Foundation
import Workbook

/// What the gradient of the same batch has become ahead; for each seed the mean over the run.
struct Walk: Codable, Sendable {
  var rate: Double
  /// One step ahead, four steps ahead, and as far as 1 % of the length of all weights.
  var looks: [Look]

  /// g′ at one place, compared with g.
  struct Look: Codable, Sendable {
    /// ‖g′‖/‖g‖, the cosine of the angle between g′ and g, and ‖g′ − g‖/‖g‖.
    var size: Summary
    var cosine: Summary
    var change: Summary
  }
}

extension Walk {
  /// Of several runs, each with the looks of all its probes.
  init(_ runs: [[[GradientAhead]]], rate: Double) {
    self.rate = rate
    looks = (0..<3).map { place in
      func mean(_ value: (GradientAhead) -> Double) -> Summary {
        Summary(runs.map { run in Summary(run.map { value($0[place]) }).mean }).rounded()
      }
      return Look(size: mean(\.size), cosine: mean(\.cosine), change: mean(\.change))
    }
  }
}

/// The gradient at one place ahead, compared with the gradient here.
struct GradientAhead: Sendable {
  /// ‖g′‖/‖g‖, the cosine of the angle between g′ and g, and ‖g′ − g‖/‖g‖.
  var size: Double
  var cosine: Double
  var change: Double

  /// - Parameters:
  ///   - here: the gradients of all parameters.
  ///   - there: those ahead.
  init(_ here: [Tensor], _ there: [Tensor]) {
    let (now, ahead) = (length(of: here), length(of: there))
    let product = zip(here, there).map { dot($0, $1) }.reduce(0, +)
    size = ahead / max(now, 1e-12)
    cosine = product / max(now * ahead, 1e-12)
    change = length(of: zip(here, there).map { $1.subtracting($0) }) / max(now, 1e-12)
  }

  /// How far the third look goes, as a share of the length of all weights.
  static let share = 0.01

  /// One training with the batches of a `StabilityRun` of the same seed: [probe][look].
  static func along(
    _ net: Sequential, on digits: Digits, steps count: Int, interval: Int, batchSize: Int, rate: Float, seed: UInt64
  ) throws -> [[GradientAhead]] {
    var model = try Model(net, input: digits.train.sampleShape, seed: seed)
    var (optimizer, pass) = (SGD(), Pass(.training, generator: SeededGenerator(seed: seed, stream: 55)))
    var generator = SeededGenerator(seed: seed, stream: 56)
    var order: [Int] = []
    var found: [[GradientAhead]] = []
    for step in 1...count {
      if order.count < batchSize { order = generator.permutation(of: digits.train.count) }
      let batch = digits.train.batch(order[..<batchSize])
      order.removeFirst(batchSize)
      _ = model.step(batch, SoftmaxCrossEntropy(), in: &pass)
      if step % interval == 0 {
        let here = gradients(of: model)
        let weights = model.parameters.filter { $0.name.hasPrefix("fc") || $0.name.hasPrefix("out") }
        let way = share * length(of: weights.map(\.parameter.value)) / max(length(of: here), 1e-12)
        found.append(
          [rate, 4 * rate, Float(way)].map { far in
            var (ahead, pass) = (model, Pass(.training))
            SGD().stepped(&ahead, by: far)
            _ = ahead.step(batch, SoftmaxCrossEntropy(), in: &pass)
            return GradientAhead(here, gradients(of: ahead))
          })
      }
      optimizer.step(&model, learningRate: rate)
    }
    return found
  }
}
