// The methods of the bowl on the spiral net, in batches: each at a rate of its own.

import ArgumentParser
import Foundation
import Workbook

/// What can be measured alone.
struct GradientOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions
  @Option(
    help:
      "With --full: measure the methods on the spiral net, at constant or falling rates, their rates on digits, batches or a long run there, the mistakes of a gradient check, the curvature during training, or what was added later, alone, and write the record with it."
  )
  var part: Part?

  enum Part: String, CaseIterable, ExpressibleByArgument {
    case optimizers, falling, additions, rates, batches, long, mistakes, curvatures
  }

  func validate() throws {
    try shared.requireFull(for: "--part", part != nil)
  }
}

/// A method on the spiral net.
struct OptimizerResult: Codable, Sendable {
  /// Its best rate, chosen on other seeds.
  var rate: Double
  /// For each seed the loss over all points, averaged over the last fifth of the training.
  var losses: Summary
}

/// One result for each of `Walker.all`.
struct OptimizerFindings: Codable, Sendable {
  var steps: Int
  var results: [OptimizerResult]

  static let batch = 32
  /// The loss is taken after so many steps, and again.
  static let stride = 25
  /// From 0.001 to 4.1, each twice the one before; two more for a rate that falls.
  static let rates = (0..<13).map { 0.001 * Double(1 << $0) }
  static let fallingRates = rates + [8.192, 16.384]
}

extension OptimizerFindings {
  /// - Parameter trials: the seeds on which rates are chosen.
  init(
    hidden: Int, steps: Int, rates: [Double], falls: Bool = false, trials: [UInt64], seeds: [UInt64]
  ) throws {
    let results = try Walker.all.map { walker in
      func run(_ rate: Double, _ seed: UInt64) throws -> [Double] {
        try descendInBatches(
          SpiralNet.twoLayers(hidden: hidden), on: spirals(seed: seed), optimizer: walker.optimizer, rate: rate,
          falls: falls, steps: steps, seed: seed)
      }
      let tried = try inParallel(rates.count * trials.count) { index in
        Self.end(try run(rates[index / trials.count], trials[index % trials.count]))
      }
      let costs = rates.indices.map { tried[$0 * trials.count..<($0 + 1) * trials.count].reduce(0, +) }
      let best = costs.indices.min { costs[$0] < costs[$1] } ?? 0
      let runs = try inParallel(seeds.count) { Self.end(try run(rates[best], seeds[$0])) }
      return OptimizerResult(rate: rates[best], losses: Summary(runs))
    }
    self.init(steps: steps, results: results)
  }

  /// The mean of the last fifth of a curve.
  private static func end(_ curve: [Double]) -> Double {
    let last = curve.suffix(max(1, curve.count / 5))
    return last.reduce(0, +) / Double(last.count)
  }
}

/// Trains in batches, and returns the loss over all points at the start and after every `OptimizerFindings.stride` steps;
/// 10 where it has left all bounds.
func descendInBatches(
  _ net: Sequential, on points: TensorSamples, optimizer: any Optimizer, rate: Double, falls: Bool,
  steps: Int, seed: UInt64
) throws -> [Double] {
  var model = try Model(net, input: [2], seed: seed)
  var (optimizer, batch, pass) = (optimizer, Batch(), Pass(.training))
  let loss = SoftmaxCrossEntropy()
  var generator = SeededGenerator(seed: seed, stream: 7)
  var (order, curve) = ([Int](), [Double]())
  func whole(_ model: Model) -> Double {
    let value = evaluate(model, on: points, loss: loss).loss
    return value < 10 ? value : 10
  }
  curve.append(whole(model))
  for step in 1...steps {
    if order.count < OptimizerFindings.batch { order = generator.permutation(of: points.count) }
    points.load(order.suffix(OptimizerFindings.batch), into: &batch)
    order.removeLast(OptimizerFindings.batch)
    model.step(batch, loss, in: &pass)
    optimizer.step(&model, learningRate: Float(falls ? rate * FallingRate.cosine(step - 1, of: steps) : rate))
    if step % OptimizerFindings.stride == 0 { curve.append(whole(model)) }
  }
  return curve
}
