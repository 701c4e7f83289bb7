// What lies between the rows of S0's table: one change at a time.

import Foundation
import Workbook

/// Activation × loss × initial weights: all eight networks from LeNet-5 to LeNet-5+.
struct Ablation: Codable, Sendable {
  /// How long each was trained.
  var epochs: Int
  /// The first is LeNet-5, the last LeNet-5+.
  var cells: [Cell]

  struct Cell: Codable, Sendable {
    var isReLU: Bool
    var hasCrossEntropy: Bool
    /// First weights within ±1/√fan-in, else Xavier's.
    var startsSmall: Bool
    /// Test errors in percent, [seed][epoch].
    var errors: [[Double]]

    /// After so many epochs, over the seeds.
    func error(after epoch: Int) -> Summary { Summary(errors.map { $0[epoch - 1] }) }
  }

  /// By what one change multiplies the error: the geometric mean over the four pairs of
  /// networks that differ in nothing else, seed by seed.
  func effect(of change: (Cell) -> Bool, after epoch: Int) -> Summary {
    // Both lists have the other two parts in the same order.
    let pairs = zip(cells.filter(change), cells.filter { !change($0) })
    let logs = pairs.map { with, without in
      zip(with.errors, without.errors).map { log($0[epoch - 1] / $1[epoch - 1]) }
    }
    return Summary(
      logs[0].indices.map { seed in exp(Summary(logs.map { $0[seed] }).mean) })
  }

  var relu: Summary { effect(of: \.isReLU, after: epochs) }
  var crossEntropy: Summary { effect(of: \.hasCrossEntropy, after: epochs) }
  var start: Summary { effect(of: \.startsSmall, after: epochs) }

  /// The same with its interval, from the spread of all eight networks; several comparisons widen it.
  func factor(of change: (Cell) -> Bool, among comparisons: Int) -> Factor {
    func all(_ cells: [Cell]) -> Summary { Summary(cells.flatMap { $0.error(after: epochs).values }) }
    let (with, without) = (all(cells.filter(change)), all(cells.filter { !change($0) }))
    let errors = cells.map { $0.error(after: epochs) }
    guard errors.allSatisfy({ $0.count > 2 }) else {
      return Factor(mean: effect(of: change, after: epochs).mean, low: 0, high: .infinity)
    }
    return Spread(of: errors).factor(with, over: without, among: comparisons)
  }
}

extension LeNet {
  /// How many trainings there are besides S0's rows, and how long each is.
  struct TrialPlan {
    var seeds: [UInt64]
    var ablationEpochs: Int
    /// Whether the parts of a full run are measured as well.
    var isFull: Bool

    /// The networks with their epochs.
    var trainings: [(variant: Variant, epochs: Int)] {
      Variant.ablation.dropFirst().dropLast().map { ($0, ablationEpochs) }
    }
  }

  /// Puts the trials together with the rows they are held against.
  static func gather(_ trials: [TrainedRun], _ rows: [TrainedRun], _ plan: TrialPlan) -> Ablation {
    func errors(_ name: String, _ runs: [TrainedRun]) -> [[Double]] {
      plan.seeds.compactMap { seed in runs.first { $0.variant.name == name && $0.seed == seed }?.errors }
    }
    let ends = [LeNet5.plain: "LeNet-5", .plus: "LeNet-5+"]
    let cells = Variant.ablation.map { variant in
      Ablation.Cell(
        isReLU: variant.net.activation == .relu, hasCrossEntropy: variant.net.output == .logits,
        startsSmall: variant.net.initializer == .torchUniform,
        errors: (ends[variant.net].map { errors($0, rows) } ?? errors(variant.name, trials))
          .map { Array($0.prefix(plan.ablationEpochs)) })
    }
    return Ablation(epochs: plan.ablationEpochs, cells: cells)
  }
}
