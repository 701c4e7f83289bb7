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
    /// The training loss at the start and after every half of an epoch, the mean over the seeds.
    var curve: [Double]?
  }

  /// From 0.00000625 to 1.6, each twice the one before.
  static let rates = (-4..<15).map { 0.0001 * pow(2, Double($0)) }

  /// [task][method], in the order of `Task.allCases` and `Walker.all`.
  var tasks: [[Method]]

  subscript(task: Task) -> [Method] { tasks[Task.allCases.firstIndex(of: task) ?? 0] }
}

extension MethodTasks {
  /// - Parameter trials: the seeds on which rates are chosen.
  init(on data: Dataset, test: Dataset, seeds: [UInt64], trials: [UInt64]) throws {
    let steps = DigitBatches.passes * data.count / DigitMethods.batch
    tasks = try Task.allCases.map { task in
      let (data, test) = (task.seen(data), task.seen(test))
      return try Walker.all.map { walker in
        /// The training losses at the start and so on, or the last alone; and the test loss at the end.
        func train(_ rate: Double, _ seed: UInt64, all: Bool) throws -> (curve: [Double], test: Double) {
          var (curve, end) = ([Double](), 20.0)
          try learn(
            task.net, on: data, walker.optimizer, rate: rate, falls: task != .constant, seed: seed,
            every: all ? data.count / DigitMethods.batch / 2 : steps
          ) { step, model in
            if all || step == steps { curve.append(boundedLoss(model, on: data)) }
            if step == steps { end = boundedLoss(model, on: test) }
          }
          return (curve, end)
        }
        let tried = try inParallel(Self.rates.count * trials.count) { index in
          let run = try train(Self.rates[index / trials.count], trials[index % trials.count], all: false)
          return [run.curve[0], run.test]
        }
        let rates = [0, 1].map { kind in
          let costs = Self.rates.indices.map { rate in
            tried[rate * trials.count..<(rate + 1) * trials.count].reduce(0) { $0 + $1[kind] }
          }
          return Self.rates[costs.indices.min { costs[$0] < costs[$1] } ?? 0]
        }
        let runs = try inParallel(seeds.count) { try train(rates[0], seeds[$0], all: true) }
        let others =
          rates[0] == rates[1]
          ? runs.map(\.test) : try inParallel(seeds.count) { try train(rates[1], seeds[$0], all: false).test }
        return Method(
          rates: rates.map { rounded($0, 3) },
          train: Summary(runs.map { rounded($0.curve[$0.curve.count - 1], 4) }),
          test: Summary(others.map { rounded($0, 4) }),
          curve: task == .constant
            ? nil : runs[0].curve.indices.map { place in rounded(Summary(runs.map { $0.curve[place] }).mean, 3) })
      }
    }
  }
}

/// With so many significant digits: a record is kept small.
private func rounded(_ value: Double, _ digits: Int) -> Double {
  Double(String(format: "%.\(digits)g", value)) ?? value
}
