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
  static let warmUp = 5

  /// What a part trains: wider nets, open ReLUs in them, rotations, near copies in both widths, additions that
  /// fade out, a rate that rises at first.
  static func plans(_ part: DeeperOptions.Part, deep: Int) -> [RatePlan] {
    func plan(_ start: DeepNet.Start? = nil, _ channels: Int = 8, from places: Range<Int> = 3..<6) -> RatePlan {
      RatePlan(net: DeepNet(blocks: deep, isResidual: false, channels: channels, start: start), start: places)
    }
    switch part {
    case .wideOpen: return [plan(.open, width)]
    case .rotated: return [plan(.rotation)]
    case .near: return [8, width].map { plan(.near, $0, from: 2..<5) }
    case .warm:
      return [RatePlan(net: DeepNet(blocks: deep, isResidual: false, warmUp: warmUp), start: 4..<7)]
    case .fading: return [RatePlan(net: DeepNet(blocks: deep, isResidual: true, isFading: true), start: 4..<7)]
    default:
      return [
        RatePlan(net: plan(nil, width).net, grid: [0.005, 0.01, 0.02, 0.04, 0.08], start: 2..<4),
        RatePlan(net: DeepNet(blocks: deep, isResidual: true, channels: width), grid: [0.04, 0.08], start: 0..<2),
      ]
    }
  }

  /// Measures what is missing of a plan, and keeps what there is after each step.
  mutating func measure(
    _ plans: [RatePlan], _ course: Course, report: (String) -> Void, keep: (Controls) throws -> Void
  ) throws {
    for plan in plans {
      var (course, trial) = (course, course)
      // The wider nets take four times as long.
      if plan.net.channels >= Self.width { course.seeds = Array(course.seeds.prefix((course.seeds.count + 1) / 2)) }
      trial.seeds = course.seeds.prefix(max(2, course.seeds.count * 3 / 10)).map { $0 &+ 100 }
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
