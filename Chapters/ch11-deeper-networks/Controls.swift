// Nets that stand beside the comparison: twice as wide, or shallow and residual with even steps.

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
    /// The training error of every epoch at that rate, while training, mean of the first seeds; nil in older records.
    var curve: [Double]?

    /// The rate that leaves the fewest training images wrong.
    var rate: Double { tried.min { $0.training.mean < $1.training.mean }?.rate ?? .nan }
  }

  func row(_ net: DeepNet, even: Bool = false) -> Row? { rows.first { $0.net == net && $0.isEven == even } }
}

extension Controls {
  static let width = 16

  /// Twice as wide: the deep plain net, the deep residual one, the shallow plain one.
  static func wide(shallow: Int, deep: Int) -> [RatePlan] {
    [
      RatePlan(
        net: DeepNet(blocks: deep, isResidual: false, channels: width), grid: [0.005, 0.01, 0.02, 0.04, 0.08],
        start: 2..<4),
      RatePlan(net: DeepNet(blocks: deep, isResidual: true, channels: width), grid: [0.04, 0.08], start: 0..<2),
      RatePlan(net: DeepNet(blocks: shallow, isResidual: false, channels: width), grid: [0.04, 0.08], start: 0..<2),
    ]
  }

  /// Even steps where nothing has to be mended: the shallow plain net, the deep residual one.
  static func even(shallow: Int, deep: Int) -> [RatePlan] {
    [
      RatePlan(
        net: DeepNet(blocks: shallow, isResidual: false), isEven: true, grid: [0.001, 0.002, 0.004], start: 0..<3),
      RatePlan(net: DeepNet(blocks: deep, isResidual: true), isEven: true, grid: [0.0005, 0.001, 0.002], start: 0..<3),
    ]
  }

  /// The deep net whose additions fade out in the first half of its training.
  static func fading(deep: Int, epochs: Int) -> [RatePlan] {
    [RatePlan(net: fadingNet(deep, Fading(from: 0, to: epochs / 2)), start: 4..<7)]
  }
  static func fadingNet(_ blocks: Int, _ fading: Fading) -> DeepNet {
    DeepNet(blocks: blocks, isResidual: true, fading: fading)
  }

  /// Two changes at once in the deep plain net: open ReLUs with even steps.
  static func both(deep: Int) -> [RatePlan] {
    [
      RatePlan(
        net: DeepNet(blocks: deep, isResidual: false, start: .open), isEven: true, grid: RatePlan.evenRates,
        start: 3..<6)
    ]
  }
  /// Open ReLUs with twice the channels.
  static func wideOpen(deep: Int) -> [RatePlan] {
    [RatePlan(net: DeepNet(blocks: deep, isResidual: false, channels: width, start: .open), start: 3..<6)]
  }

  /// Open ReLUs, and kernels that hand on their channel beside He's weights.
  static func mixed(deep: Int) -> [RatePlan] {
    [RatePlan(net: DeepNet(blocks: deep, isResidual: false, start: .mixed), start: 3..<6)]
  }

  /// The same two starts with a random orthogonal matrix in place of the copy.
  static func rotated(deep: Int) -> [RatePlan] {
    [.mixedRotation, .rotation].map { start in
      RatePlan(net: DeepNet(blocks: deep, isResidual: false, start: start), start: 3..<6)
    }
  }

  /// Near copies with twice the channels.
  static func wideMixed(deep: Int) -> [RatePlan] {
    [RatePlan(net: DeepNet(blocks: deep, isResidual: false, channels: width, start: .mixed), start: 3..<6)]
  }

  /// Those that are looked at before training: near copies, wider nets, both, open ReLUs in a wider net, and rotations.
  static func starts(deep: Int) -> [DeepNet] {
    [
      DeepNet(blocks: deep, isResidual: false, start: .mixed),
      DeepNet(blocks: deep, isResidual: false, channels: width),
      DeepNet(blocks: deep, isResidual: false, channels: width, start: .mixed),
      DeepNet(blocks: deep, isResidual: false, channels: width, start: .open),
      DeepNet(blocks: deep, isResidual: true, channels: width),
      DeepNet(blocks: deep, isResidual: false, start: .mixedRotation),
      DeepNet(blocks: deep, isResidual: false, start: .rotation),
    ]
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
        rows[place].curve = run.firstCurve
        try keep(self)
      }
    }
  }

  /// Trains the deep nets again that have no curve, with the first seeds at the rates they have, and keeps each curve.
  mutating func measureCurves(
    deep: Int, _ course: Course, report: (String) -> Void, keep: (Controls) throws -> Void
  ) throws {
    for place in rows.indices {
      let row = rows[place]
      guard row.curve == nil, row.trainingErrors != nil, row.net.blocks == deep, !(row.isEven && row.net.isResidual)
      else { continue }
      report("\(row.net.name), \(row.net.channels) channels")
      var own = course
      (own.rate, own.seeds) = (Float(row.rate), Array(course.seeds.prefix(DeepRun.curveSeeds)))
      rows[place].curve = try DeepRun.train(row.net, own, even: row.isEven).run.firstCurve
      try keep(self)
    }
  }
}
