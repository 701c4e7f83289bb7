// The methods of the bowl where the rate falls, and where the valley of a net is narrow: training losses, in the record
// alone.

import Foundation
import Workbook

/// The methods on digits, in several trainings.
struct MethodTasks: Codable, Sendable {
  /// What is trained, and how.
  enum Task: CaseIterable {
    /// The net of the checks on digits, at a constant rate.
    case constant
    /// The same at a rate that falls to 0.
    case falling
    /// The same at a falling rate, on pixels of which paper is 1 and ink is 0.
    case whitePaper
    /// Eight layers of sigmoids, at a falling rate.
    case deep

    var net: Sequential {
      guard self == .deep else { return digitNet(gain: 0.1) }
      let hidden = (0..<8).flatMap { [Dense($0 == 0 ? 1024 : 64, 64), Sigmoid()] as [any Layer] }
      return Sequential([Flatten()] + hidden + [Dense(64, 10)])
    }

    /// The pixels as they are, or as on white paper.
    func seen(_ data: Dataset) -> Dataset {
      var data = data
      if self == .whitePaper { data.transform = PixelTransform(mean: [1], standardDeviation: [-1], padding: 2) }
      return data
    }
  }

  /// A method at a task.
  struct Method: Codable, Sendable {
    /// Its best rates, chosen on other seeds: by the training loss, and by the test loss.
    var rates: [Double]
    /// For each seed the training loss at the end, at the first of the rates, and the test loss, at the second.
    var train: Summary
    var test: Summary
  }

  /// From 0.00000625 to 1.6, each twice the one before.
  static let rates = (-4..<15).map { 0.0001 * pow(2, Double($0)) }

  /// [task][method], in the order of `Task.allCases` and `Walker.all`.
  var tasks: [[Method]]

  subscript(task: Task) -> [Method] { tasks[Task.allCases.firstIndex(of: task) ?? 0] }

  /// The methods, by their places, whose training loss ends below plain descent, or above it, by more than chance. Losses
  /// are compared as logarithms, seed by seed; a hundredth is nothing.
  func methods(_ direction: Summary.Direction, in task: Task) -> [Int] {
    let methods = self[task]
    return methods.indices.dropFirst().filter { place in
      Summary(zip(methods[place].train.values, methods[0].train.values).map { log($0 / $1) })
        .direction(beyond: 0.01, among: methods.count - 1) == direction
    }
  }

  /// The methods, by their places, with which every net ends clearly below ln 10, the loss of a guess.
  func thatLearn(_ task: Task) -> [Int] { self[task].indices.filter { self[task][$0].train.maximum < 2.2 } }
}

extension MethodTasks {
  /// - Parameter trials: the seeds on which rates are chosen.
  init(on data: Dataset, test: Dataset, seeds: [UInt64], trials: [UInt64]) throws {
    let steps = DigitBatches.passes * data.count / DigitMethods.batch
    tasks = try Task.allCases.map { task in
      let (data, test) = (task.seen(data), task.seen(test))
      return try Walker.all.map { walker in
        /// The training loss and the test loss at the end.
        func train(_ rate: Double, _ seed: UInt64) throws -> [Double] {
          var ends: [Double] = []
          try learn(
            task.net, on: data, walker.optimizer, rate: rate, falls: task != .constant, seed: seed, every: steps
          ) { step, model in
            if step == steps { ends = [boundedLoss(model, on: data), boundedLoss(model, on: test)] }
          }
          return ends
        }
        let tried = try inParallel(Self.rates.count * trials.count) { index in
          try train(Self.rates[index / trials.count], trials[index % trials.count])
        }
        let rates = [0, 1].map { kind in
          let costs = Self.rates.indices.map { rate in
            tried[rate * trials.count..<(rate + 1) * trials.count].reduce(0) { $0 + $1[kind] }
          }
          return Self.rates[costs.indices.min { costs[$0] < costs[$1] } ?? 0]
        }
        let runs = try rates.map { rate in try inParallel(seeds.count) { try train(rate, seeds[$0]) } }
        return Method(
          rates: rates.map { rounded($0, digits: 3) }, train: Summary(runs[0].map { rounded($0[0], digits: 4) }),
          test: Summary(runs[1].map { rounded($0[1], digits: 4) }))
      }
    }
  }
}
