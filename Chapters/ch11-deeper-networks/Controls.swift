// Nets that stand beside the comparison: twice as wide, or shallow and residual with even steps.

import Foundation
import Workbook

/// Nets trained like those of the comparison, later than they were: each at the rate that leaves the fewest of its training
/// images wrong, chosen with seeds of their own.
struct Controls: Codable, Sendable {
  var epochs: Int
  var rows: [Row]

  struct Row: Codable, Sendable {
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
  /// The nets of a part, and the rates that each begins with.
  struct Plan {
    var net: DeepNet
    var isEven = false
    var grid: [Double]
    var start: Range<Int>
  }

  static let width = 16

  /// Twice as wide: the deep plain net, the deep residual one, the shallow plain one.
  static func wide(shallow: Int, deep: Int) -> [Plan] {
    [
      Plan(
        net: DeepNet(blocks: deep, isResidual: false, channels: width), grid: [0.005, 0.01, 0.02, 0.04, 0.08],
        start: 2..<4),
      Plan(net: DeepNet(blocks: deep, isResidual: true, channels: width), grid: [0.04, 0.08], start: 0..<2),
      Plan(net: DeepNet(blocks: shallow, isResidual: false, channels: width), grid: [0.04, 0.08], start: 0..<2),
    ]
  }

  /// Even steps where nothing has to be mended: the shallow plain net, the deep residual one.
  static func even(shallow: Int, deep: Int) -> [Plan] {
    [
      Plan(net: DeepNet(blocks: shallow, isResidual: false), isEven: true, grid: [0.001, 0.002, 0.004], start: 0..<3),
      Plan(net: DeepNet(blocks: deep, isResidual: true), isEven: true, grid: [0.0005, 0.001, 0.002], start: 0..<3),
    ]
  }

  /// Measures what is missing of a plan, and keeps what there is after each step.
  mutating func measure(
    _ plans: [Plan], _ course: Course, report: (String) -> Void, keep: (Controls) throws -> Void
  ) throws {
    var trial = course
    trial.seeds = course.seeds.prefix(max(2, course.seeds.count * 3 / 10)).map { $0 &+ 100 }
    for plan in plans {
      let place =
        rows.firstIndex { $0.net == plan.net && $0.isEven == plan.isEven }
        ?? {
          rows.append(Row(net: plan.net, isEven: plan.isEven, tried: []))
          return rows.count - 1
        }()
      while let rate = nextRate(
        of: plan.grid, from: plan.start, tried: rows[place].tried.map { ($0.rate, $0.training.mean) })
      {
        report("\(plan.net.name), \(plan.net.channels) channels, rate \(rate)")
        trial.rate = Float(rate)
        rows[place].tried.append(try OwnRates.Tried(rate, plan.net, trial, even: plan.isEven))
        rows[place].tried.sort { $0.rate < $1.rate }
        try keep(self)
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
