// A warm-up for any schedule, and drops at chosen epochs.

import Foundation
import Tensors

/// A linear warm-up for another schedule: in epoch e of the first w epochs, the rate is e/w times the schedule's rate.
///
/// The underlying schedule counts its epochs from the start of the warm-up, so its drops do not move.
/// - Source: Goyal et al. 2017, arXiv:1706.02677, section 2.2.
public struct WarmUp<Base: Schedule>: Schedule {
  /// The underlying schedule.
  public var base: Base
  /// w: the first epoch with the full rate.
  public let epochs: Int

  /// Creates a schedule.
  public init(_ base: Base, over epochs: Int) {
    demand(epochs > 0, "WarmUp: the number of epochs must be positive, got \(epochs)")
    self.base = base
    self.epochs = epochs
  }

  public var name: String { "\(base.name), warm-up over \(epochs) epochs" }

  public func callAsFunction(epoch: Int) -> Float {
    base(epoch: epoch) * min(1, Float(epoch) / Float(epochs))
  }
}

/// η·γ^k, where k is the number of milestones already passed: a drop after each of the chosen epochs.
public struct MultiStepDecay: Schedule {
  /// η: the rate before the first milestone.
  public var rate: Float
  /// γ: the factor of each drop.
  public var factor: Float
  /// The last epoch before each drop, in increasing order.
  public let milestones: [Int]

  /// Creates a schedule.
  ///
  /// - Precondition: the milestones increase.
  public init(_ rate: Float, factor: Float = 0.1, after milestones: [Int]) {
    demand(
      zip(milestones, milestones.dropFirst()).allSatisfy { $0 < $1 },
      "MultiStepDecay: the milestones must increase, got \(milestones)")
    self.rate = rate
    self.factor = factor
    self.milestones = milestones
  }

  public var name: String { "\(rate), ×\(factor) after epochs \(milestones)" }

  public func callAsFunction(epoch: Int) -> Float {
    let drops = milestones.count { $0 < epoch }
    return Float(Double(rate) * pow(Double(factor), Double(drops)))
  }
}
