// Nets that stand beside the comparison: twice as wide, or begun with rotations.

import Foundation
import Workbook

/// Nets trained like those of the comparison, later than they were: each at the rate that leaves the fewest of its training
/// images wrong, chosen with seeds of their own.
struct Controls: Codable, Sendable {
  var epochs: Int
  var rows: [Row]

  struct Row: RatedRow, Codable, Sendable {
    var net: DeepNet
    var isEven: Bool
    /// The rates tried, the smallest first.
    var tried: [OwnRates.Tried]
    /// At the best of them, with other seeds; nil while it has not been trained.
    var trainingErrors: Summary?
    var testErrors: Summary?

    /// The rate that leaves the fewest training images wrong.
    var rate: Double { tried.min { $0.training.mean < $1.training.mean }?.rate ?? .nan }
  }

  func row(_ net: DeepNet, even: Bool = false) -> Row? { rows.first { $0.net == net && $0.isEven == even } }
}

extension Controls {
  static let width = 16

  /// Twice as wide: the deep plain net, the deep residual one.
  static func wide(deep: Int) -> [RatePlan] {
    [
      RatePlan(
        net: DeepNet(blocks: deep, isResidual: false, channels: width), grid: [0.005, 0.01, 0.02, 0.04, 0.08],
        start: 2..<4),
      RatePlan(net: DeepNet(blocks: deep, isResidual: true, channels: width), grid: [0.04, 0.08], start: 0..<2),
    ]
  }

  /// Open ReLUs with twice the channels.
  static func wideOpen(deep: Int) -> [RatePlan] {
    [RatePlan(net: DeepNet(blocks: deep, isResidual: false, channels: width, start: .open), start: 3..<6)]
  }

  /// Kernels that begin as rotations.
  static func rotated(deep: Int) -> [RatePlan] {
    [RatePlan(net: DeepNet(blocks: deep, isResidual: false, start: .rotation), start: 3..<6)]
  }

  /// Measures what is missing of a plan, and keeps what there is after each step.
  mutating func measure(
    _ plans: [RatePlan], _ course: Course, report: (String) -> Void, keep: (Controls) throws -> Void
  ) throws {
    var trial = course
    trial.seeds = course.seeds.prefix(max(2, course.seeds.count * 3 / 10)).map { $0 &+ 100 }
    for plan in plans {
      var kept = self
      let place = try rows.tryRates(of: plan, by: { $0.training.mean }, trial, report: report) {
        kept.rows = $0
        try keep(kept)
      }
      if rows[place].trainingErrors == nil {
        report("\(plan.net.name), \(plan.net.channels) channels")
        var own = course
        own.rate = Float(rows[place].rate)
        let run = try DeepRun.train(plan.net, own, even: plan.isEven).run
        (rows[place].trainingErrors, rows[place].testErrors) = (run.trainingErrors, run.testErrors)
        try keep(self)
      }
    }
  }
}
