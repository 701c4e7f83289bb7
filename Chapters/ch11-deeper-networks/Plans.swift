// What is trained beside the comparison, and how each net finds its rate.

import Foundation
import Workbook

/// A net that gets a rate of its own: the rates that it may choose from, and those that it begins with.
struct RatePlan {
  var net: DeepNet
  /// Whether each tensor's gradient is divided by the root of its mean square.
  var isEven = false
  /// Every rate is twice the one before.
  var grid = Self.rates
  var start: Range<Int>

  static let rates = (0...9).map { 0.00125 * pow(2, Double($0)) }
  /// For steps of one size.
  static let evenRates = (0...8).map { 0.0000625 * pow(2, Double($0)) }
}

/// What is recorded of a plan.
protocol RatedRow {
  var net: DeepNet { get }
  var isEven: Bool { get }
  /// The rates tried, the smallest first.
  var tried: [OwnRates.Tried] { get set }
  init(net: DeepNet, isEven: Bool)
}

extension OwnRates.Row {
  init(net: DeepNet, isEven: Bool) { self.init(net: net, isEven: isEven, tried: []) }
}

extension Controls.Row {
  init(net: DeepNet, isEven: Bool) { self.init(net: net, isEven: isEven, tried: []) }
}

extension Array where Element: RatedRow {
  /// The place of a plan's row, which is added where there is none.
  private mutating func place(of plan: RatePlan) -> Int {
    if let place = firstIndex(where: { $0.net == plan.net && $0.isEven == plan.isEven }) { return place }
    append(Element(net: plan.net, isEven: plan.isEven))
    return count - 1
  }

  /// Tries the rates of a plan that are missing, and keeps what there is after each.
  ///
  /// - Parameter error: what tells the better rate.
  /// - Returns: the place of the plan's row.
  mutating func tryRates(
    of plan: RatePlan, by error: (OwnRates.Tried) -> Double, _ trial: Course, report: (String) -> Void,
    keep: ([Element]) throws -> Void
  ) throws -> Int {
    let place = place(of: plan)
    var trial = trial
    while let rate = ratesToTry(
      of: plan.grid, from: plan.start, tried: self[place].tried.map { ($0.rate, error($0)) }
    ).first {
      report("\(plan.net.name), \(plan.net.channels) channels, rate \(rate)")
      trial.rate = Float(rate)
      self[place].tried.append(try OwnRates.Tried(rate, plan.net, trial, even: plan.isEven))
      self[place].tried.sort { $0.rate < $1.rate }
      try keep(self)
    }
    return place
  }
}
